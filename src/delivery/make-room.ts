/**
 * Room for a model before its first byte: a download of a gigabyte that fails at its end is worse
 * than a clear answer at its start. What was not used for longest goes, if that helps. Its room is
 * free at once, unless somebody still has a Blob of it: hence nothing goes that is in use.
 */
import { abortedError } from '../core/until-aborted';
import type { CachedModel } from '../protocol/delivery-contract';
import {
  freedBytes,
  readFootprints,
  type Footprints,
  type FootprintSource,
} from './model-footprints';
import type { ModelStorage } from './model-storage';
import { noRoomError } from './no-room-error';
import type { StorageEstimator } from './origin-storage';
import { planEviction } from './plan-eviction';

/** Of the bytes that are needed, and in bytes: the database's own records and the disk's blocks. */
const MARGIN_SHARE = 0.02;
const MARGIN_BYTES = 2 ** 20;

export interface MakeRoomOptions {
  readonly storage: FootprintSource & Pick<ModelStorage, 'deleteModel'>;
  /** Bytes that are going to be written; what is kept already does not count. */
  readonly needed: number;
  /** Keys of models that stay whatever happens, such as the one that needs the room. */
  readonly keep: readonly string[];
  /** What the browser says of the origin: `estimateOrigin` of origin-storage.ts. */
  readonly estimate: StorageEstimator;
  /** Whether a page has the model loaded: `isModelInUse` of model-in-use.ts. */
  readonly isInUse: (key: string) => Promise<boolean>;
  /** Runs `work` unless the model came into use meanwhile, then null: `withUnusedModel`. */
  readonly withUnused: (key: string, work: () => Promise<boolean>) => Promise<boolean | null>;
  readonly signal: AbortSignal;
}

/**
 * Resolves to the models that were evicted, mostly none; also when the browser tells nothing of
 * its room. Rejects with `aborted`, or with `quota-exceeded` when evicting all that may go would
 * not be enough: then nothing is evicted, unless a page began to use one of them just now.
 */
export async function makeRoom(options: MakeRoomOptions): Promise<readonly CachedModel[]> {
  const { storage, needed, estimate, signal } = options;
  const evicted: CachedModel[] = [];
  if (needed <= 0) return evicted;
  const room = await estimate();
  if (room === null) return evicted;
  const free = Math.max(0, room.quota - room.usage);
  const required = Math.ceil(needed * (1 + MARGIN_SHARE)) + MARGIN_BYTES;
  const staying = new Set(options.keep);
  let shortage = required - free;
  // Another round only when a model came into use between the plan and its eviction.
  while (shortage > 0) {
    if (signal.aborted) throw abortedError(signal);
    const footprints = await readFootprints(storage);
    const candidates = await mayGo(options, footprints, staying);
    const keys = new Set(candidates.map(({ key }) => key));
    const plan = planEviction(footprints, keys, shortage);
    if (plan.evict.length === 0) {
      throw noRoomError({ required, free: required - shortage, candidates, ...plan });
    }
    const gone = new Set<string>();
    for (const model of plan.evict) {
      const isGone = await evict(options, model.key);
      if (isGone) {
        gone.add(model.key);
        evicted.push(model);
      } else staying.add(model.key);
    }
    shortage -= freedBytes(footprints, gone);
  }
  return evicted;
}

async function mayGo(
  { isInUse }: MakeRoomOptions,
  { models }: Footprints,
  staying: ReadonlySet<string>,
): Promise<CachedModel[]> {
  const free: CachedModel[] = [];
  for (const { model } of models) {
    if (!staying.has(model.key) && !(await isInUse(model.key))) free.push(model);
  }
  return free;
}

/** False when a page has just begun to use it. */
async function evict(
  { storage, withUnused, signal }: MakeRoomOptions,
  key: string,
): Promise<boolean> {
  if (signal.aborted) throw abortedError(signal);
  // Gone as well where another tab deleted it: `deleteModel` tells so by false, not by null.
  return (await withUnused(key, () => storage.deleteModel(key))) !== null;
}
