/**
 * What the browser tells of the origin's storage. It may tell nothing, and then that is the answer.
 * Nor is it the whole truth: so that sites cannot recognise a device by its disk, Chromium tells a
 * quota of 10 GiB above the usage whatever is really left. Only a write that fails is certain.
 */

export interface OriginStorage {
  /** Bytes that the origin takes, everything included; rounded or padded by some browsers. */
  readonly usage: number;
  /** Bytes that it may take. */
  readonly quota: number;
}

/** Null where the browser does not tell. */
export type StorageEstimator = () => Promise<OriginStorage | null>;

export const estimateOrigin: StorageEstimator = async () => {
  try {
    const { usage, quota } = (await storageManager()?.estimate()) ?? {};
    return usage === undefined || quota === undefined ? null : { usage, quota };
  } catch {
    // Refused in some private windows.
    return null;
  }
};

/** Whether the browser promised not to evict the origin's data by itself; false where it does not tell. */
export async function isOriginPersisted(): Promise<boolean> {
  try {
    return (await storageManager()?.persisted()) ?? false;
  } catch {
    return false;
  }
}

/** Absent outside secure contexts, whatever the type says. */
function storageManager(): StorageManager | undefined {
  return navigator.storage;
}
