/** The store in real workers, as a page sees it, and data to put into it. */
import { WorkerLink } from '../../client/worker-link';
import { normalise } from '../../core/normalise';
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { isPhotoglotError } from '../../errors';
import type { ArgsOf, ResultOf } from '../../protocol/contract-types';
import type { Encryption } from '../../protocol/encryption';
import type { Meta, StoreContract, StoredItem } from '../../protocol/store-contract';

type Rest<Name extends keyof StoreContract> = Omit<
  ArgsOf<StoreContract[Name]>,
  'collection' | 'model'
>;

export const DIMENSION = 24;
export const MODEL = 'test@1';

/** The worker that applications have. */
export function spawnStore(): Worker {
  return new Worker(new URL('../../../workers/store.worker.ts', import.meta.url), {
    type: 'module',
  });
}

/** A worker whose collections move to packed files when they are still small. */
export function spawnPackedStore(): Worker {
  return new Worker(new URL('./packed-store.worker.ts', import.meta.url), { type: 'module' });
}

/** One tab: a worker of the store, and calls about one collection. */
export class Tab {
  readonly name: string;
  readonly link: WorkerLink<StoreContract>;
  worker: Worker | null = null;

  constructor(name: string, spawn = spawnStore) {
    this.name = name;
    this.link = new WorkerLink<StoreContract>(() => {
      this.worker = spawn();
      return this.worker;
    });
  }

  open(
    change: { dimension?: number; model?: string; encryption?: Encryption | null } = {},
  ): Promise<ResultOf<StoreContract['open']>> {
    return this.link.call('open', {
      name: this.name,
      dimension: DIMENSION,
      model: MODEL,
      ...change,
    });
  }

  /** Calls a method with this tab's collection. */
  call<Name extends Exclude<keyof StoreContract, 'open' | 'collections'>>(
    method: Name,
    rest: Rest<Name>,
    signal?: AbortSignal,
  ): Promise<ResultOf<StoreContract[Name]>> {
    const args = { collection: this.name, model: MODEL, ...rest } as unknown as ArgsOf<
      StoreContract[Name]
    >;
    return this.link.call(method, args, { signal });
  }

  async put(rows: readonly Row[]): Promise<void> {
    await this.call('put', {
      items: rows.map(({ item }) => item),
      vectors: Float32Array.from(rows.flatMap(({ vector }) => [...vector])),
    });
  }
}

export interface Row {
  readonly item: StoredItem;
  readonly vector: Float32Array<ArrayBuffer>;
}

/** Rows with ids `prefix0`, `prefix1`, … and random unit vectors. */
export function randomRows(
  prefix: string,
  count: number,
  metaOf: (index: number) => Meta = (index) => ({ index }),
): Row[] {
  // Other vectors for every prefix: equal ones tie, and ties rank in the order of adding.
  const seed = Array.from(prefix).reduce(
    (sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) | 0,
    count,
  );
  const next = randomNumbers(seed);
  return Array.from({ length: count }, (_, index) => ({
    item: {
      id: `${prefix}${index}`,
      meta: metaOf(index),
      fields: { text: `the ${prefix} ${index}` },
      thumbnail: null,
      original: null,
    },
    vector: unit(Float32Array.from({ length: DIMENSION }, next)),
  }));
}

/** What a float64 scan of `rows` finds: ids, best first, and their scores. */
export function bruteForce(
  rows: readonly Row[],
  query: Float32Array,
  limit: number,
): { id: string; score: number }[] {
  return rows
    .map(({ item, vector }) => ({
      id: item.id,
      score: vector.reduce((sum, value, index) => sum + value * (query[index] ?? NaN), 0),
    }))
    .sort((left, right) => right.score - left.score)
    .slice(0, limit);
}

/** What `call` failed with; `resolved` if it did not fail, `foreign` if not by our error. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
}

function unit(vector: Float32Array): Float32Array<ArrayBuffer> {
  const normalised = normalise(vector);
  if (normalised === null) throw new Error('a random vector was zero');
  return normalised;
}
