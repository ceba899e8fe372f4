/** Downloads what is missing of a model: room first, then several files at a time, then its record. */
import type {
  DeliveryProgress,
  DeliverySource,
  DeliveredManifest,
  FileProgress,
  Integrity,
} from '../protocol/delivery-contract';
import { holdModel } from '../protocol/model-use';
import { DeliveryMeter } from './delivery-meter';
import { downloadFile } from './download-file';
import { withFileLock } from './file-lock';
import type { StoredFile } from './file-shelf';
import type { FileSource } from './file-source';
import { Hosts } from './hosts';
import { inParallel } from './in-parallel';
import { arrivingKey } from './model-key';
import type { ModelRecord, ModelStorage } from './model-storage';
import type { PauseGate } from './pause-gate';
import type { DownloadProgress } from './progress-throttle';
import type { ResolvedModel } from './resolve-files';
import { roomForFiles, roomyShelf, withRoom } from './room-for-files';

/** Files that are downloaded at a time; each takes a buffer of one chunk. */
const STREAMS = 3;

/** A delivery under way. */
export interface Delivery {
  readonly key: string;
  readonly source: DeliverySource;
  readonly manifest: DeliveredManifest | null;
  readonly model: ResolvedModel;
  readonly integrity: Integrity;
  readonly storage: ModelStorage;
  readonly gate: PauseGate;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DeliveryProgress) => void;
}

/** Resolves to the bytes that came over the network when all files are there, and the model is known. */
export async function bringFiles(
  delivery: Delivery,
  tellOthers: (progress: DeliveryProgress) => void,
): Promise<number> {
  const { key, storage, onProgress, gate } = delivery;
  // What is on its way must neither be evicted by another tab nor be garbage to it.
  const letGo = await holdModel(arrivingKey(key));
  try {
    const wanted = await filesAndStates(delivery);
    await keepRecord(delivery, arrivingKey(key));
    await roomForFiles(delivery);
    const meter = new DeliveryMeter(wanted.map(progressAtStart), (progress) => {
      onProgress(progress);
      tellOthers(progress);
    });
    const unsubscribe = gate.subscribe((paused) => {
      meter.setState(paused ? 'paused' : 'downloading');
    });
    meter.setState(gate.paused ? 'paused' : 'downloading');
    const downloaded = await download(delivery, wanted, meter).finally(() => {
      unsubscribe();
      meter.stop();
    });
    await keepRecord(delivery, key);
    await storage.deleteModel(arrivingKey(key));
    return downloaded;
  } finally {
    letGo();
  }
}

/** A file, and what is kept of it. */
interface WantedFile {
  readonly file: FileSource;
  readonly state: StoredFile | null;
}

function filesAndStates({ model, storage }: Delivery): Promise<WantedFile[]> {
  return Promise.all(
    model.files.map(async (file) => ({ file, state: await storage.find(file.key) })),
  );
}

async function download(
  delivery: Delivery,
  wanted: readonly WantedFile[],
  meter: DeliveryMeter,
): Promise<number> {
  const { gate, signal, storage } = delivery;
  const hosts = new Hosts();
  const shelf = roomyShelf(delivery);
  const missing = wanted.filter(({ state }) => (state?.sha256 ?? null) === null);
  let downloaded = 0;
  await inParallel(byContent(missing), STREAMS, signal, async ({ file, names }, ended) => {
    let received = 0;
    const onProgress = (progress: DownloadProgress): void => {
      received = progress.received;
      const { loaded, total } = progress;
      for (const name of names) meter.update({ name, loaded, total, from: 'network' });
    };
    const options = { source: file, shelf, hosts, gate, signal: ended, onProgress };
    await withFileLock(storage, file.key, ended, () => downloadFile(options));
    downloaded += received;
  });
  return downloaded;
}

/** Files of several names with the same content are one. */
function byContent(
  wanted: readonly WantedFile[],
): readonly { readonly file: FileSource; readonly names: readonly string[] }[] {
  const files = new Map(wanted.map(({ file }) => [file.key, file]));
  return [...files.values()].map((file) => ({
    file,
    names: wanted.flatMap(({ file: { key, name } }) => (key === file.key ? [name] : [])),
  }));
}

function progressAtStart({ file, state }: WantedFile): FileProgress {
  const { name, size } = file;
  const isThere = state !== null && state.sha256 !== null;
  const total = state?.size ?? size;
  return { name, loaded: state?.bytes ?? 0, total, from: isThere ? 'cache' : 'network' };
}

/** A full disk refuses even these few bytes. */
function keepRecord(delivery: Delivery, as: string): Promise<void> {
  return withRoom(delivery, async () => delivery.storage.writeModel(await recordOf(delivery, as)));
}

/** The same version may be kept in other files already, for another device say: they stay. */
async function recordOf(
  { model, manifest, integrity, storage }: Delivery,
  as: string,
): Promise<ModelRecord> {
  const { id, version, files } = model;
  const kept = await storage.readModel(as);
  const isSame = kept?.version === version && kept.manifest?.text === manifest?.text;
  const now = Date.now();
  return {
    key: as,
    id,
    version,
    manifest: manifest && {
      text: manifest.text,
      // One that was asked for once is of use again without a network.
      signature: manifest.signature ?? (isSame ? (kept.manifest?.signature ?? null) : null),
    },
    files: {
      ...(isSame ? kept.files : {}),
      ...Object.fromEntries(files.map((file) => [file.name, file.key])),
    },
    // What is less sure of one file is less sure of the model.
    integrity: isSame && kept.integrity === 'first-use' ? kept.integrity : integrity,
    addedAt: kept?.addedAt ?? now,
    usedAt: now,
  };
}
