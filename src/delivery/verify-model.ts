/** Reads a model again, byte for byte: disks lose bits, and browsers lose files. */
import { abortedError } from '../core/until-aborted';
import { isPhotoglotError, PhotoglotError } from '../errors';
import type { VerifyProgress, VerifyReport } from '../protocol/delivery-contract';
import { withFileLock } from './file-lock';
import type { StoredFile } from './file-shelf';
import type { ModelStorage } from './model-storage';

/** SHA-256 of a Blob in lower-case hex; `onProgress` is told the bytes that were hashed so far. */
export type BlobHash = (
  blob: Blob,
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (bytes: number) => void;
  },
) => Promise<string>;

export interface VerifyModelOptions {
  readonly storage: ModelStorage;
  readonly key: string;
  readonly hash: BlobHash;
  readonly signal: AbortSignal;
  /** Of all files together; the last tells `done` = `total`. */
  readonly onProgress: (progress: VerifyProgress) => void;
}

type Verdict = 'intact' | 'damaged' | 'missing';

/**
 * Damaged files are dropped, so that the next download brings them again; what a page has loaded
 * of them goes on. Rejects with `not-found` for a model that is not kept, `aborted`, `storage`.
 */
export async function verifyModel(options: VerifyModelOptions): Promise<VerifyReport> {
  const { storage, key, onProgress } = options;
  const record = await storage.readModel(key);
  if (record === null) {
    throw new PhotoglotError(
      'not-found',
      `No model "${key}" is kept, so there is nothing to verify. The list of models has their keys.`,
    );
  }
  // Names may share a file, which is read once.
  const fileKeys = [...new Set(Object.values(record.files))];
  const files = await Promise.all(fileKeys.map((fileKey) => storage.find(fileKey)));
  const sizes = files.map((file) => (isComplete(file) ? file.bytes : 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const verdicts = new Map<string, Verdict>();
  let before = 0;
  for (const [index, fileKey] of fileKeys.entries()) {
    const size = sizes[index] ?? 0;
    const onBytes = (bytes: number): void => {
      // A file of another length than it should have must not make `done` exceed `total`.
      onProgress({ done: before + Math.min(bytes, size), total });
    };
    // Nobody may be downloading what is dropped here.
    const verdict = await withFileLock(storage, fileKey, options.signal, async () =>
      judge(options, await storage.find(fileKey), onBytes),
    );
    verdicts.set(fileKey, verdict);
    before += size;
  }
  onProgress({ done: total, total });
  const namesOf = (verdict: Verdict): string[] =>
    Object.entries(record.files).flatMap(([name, fileKey]) =>
      verdicts.get(fileKey) === verdict ? [name] : [],
    );
  return {
    key,
    intact: namesOf('intact'),
    damaged: namesOf('damaged'),
    missing: namesOf('missing'),
  };
}

async function judge(
  { storage, hash, signal }: VerifyModelOptions,
  file: StoredFile | null,
  onBytes: (bytes: number) => void,
): Promise<Verdict> {
  if (signal.aborted) throw abortedError(signal);
  if (!isComplete(file)) return 'missing';
  const blob = await storage.read(file.key);
  // Dropped since it was found.
  if (blob === null) return 'missing';
  const isIntact =
    blob.size === file.bytes &&
    (await hash(blob, { signal, onProgress: onBytes }).catch((thrown: unknown) => {
      if (isUnreadable(thrown)) return null;
      throw thrown;
    })) === file.sha256;
  if (isIntact) return 'intact';
  await storage.drop(file.key);
  return 'damaged';
}

function isComplete(file: StoredFile | null): file is StoredFile {
  return file !== null && file.sha256 !== null;
}

/** What reading a Blob throws whose bytes the browser has lost; also as the cause of our own error. */
function isUnreadable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (isPhotoglotError(thrown)) return isUnreadable(thrown.cause);
  return thrown.name === 'NotReadableError' || thrown.name === 'NotFoundError';
}
