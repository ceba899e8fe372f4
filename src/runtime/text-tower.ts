/** The text tower: tokenizer and session, behind a queue. */
import { PhotoglotError } from '../errors';
import type { ModelManifest, TextTower } from '../models/manifest';
import { createTokenize, type TokenBatch, type Tokenize } from '../preprocess/tokenize';
import type { CallContext } from '../protocol/contract-types';
import type { Rows } from '../protocol/rows';
import type {
  LoadProgress,
  Priority,
  TextTowerContract,
  TowerInfo,
  TowerLoad,
} from '../protocol/tower-contract';
import { withTransfer } from '../protocol/transfer';
import { keepManifest, loadManifest } from './load-manifest';
import { loadTower, loadTowerFile } from './load-tower';
import { ModelCache } from './model-cache';
import { PriorityGate } from './priority-gate';
import { selfTest } from './self-test';
import type { TowerSession } from './tower-session';

/** Texts per run: large enough to be efficient, small enough for a query to get in between. */
const BATCH = 16;
/** A second thread makes short texts slower. */
const THREADS = 1;

interface Ready {
  readonly session: TowerSession;
  readonly tokenize: Tokenize;
  readonly tower: TextTower;
  readonly dimension: number;
}

export class TextTowerHost implements TextTowerContract {
  readonly #cache = new ModelCache();
  readonly #queue = new PriorityGate(1);
  #ready: Ready | null = null;

  manifest(
    { modelUrl }: { readonly modelUrl: string },
    { signal }: CallContext<never>,
  ): Promise<ModelManifest> {
    return loadManifest({ modelUrl, cache: this.#cache, signal });
  }

  keepManifest({
    modelUrl,
    manifest,
  }: {
    readonly modelUrl: string;
    readonly manifest: ModelManifest;
  }): Promise<boolean> {
    return keepManifest(modelUrl, manifest, this.#cache);
  }

  async load(load: TowerLoad, context: CallContext<LoadProgress>): Promise<TowerInfo> {
    const { manifest } = load;
    const tower = manifest.text;
    const options = { ...load, threads: THREADS, cache: this.#cache, context };
    const vocabulary = loadTowerFile(options, tower.tokenizer);
    const tokenizer = vocabulary.then(({ bytes }) => createTokenize(parse(bytes), tower));
    // Looked at below; until then a failure must not count as unhandled.
    tokenizer.catch(() => undefined);
    const { session, info } = await loadTower({
      ...options,
      tower: 'text',
      others: [vocabulary],
      check: async (candidate) => {
        const tokenize = await tokenizer;
        await selfTest(manifest.golden.text, async (input) => {
          return (await run(candidate, tokenize([input]), tower)).data;
        });
      },
    });
    const { dimension } = manifest;
    this.#ready = { session, tokenize: await tokenizer, tower, dimension };
    return info;
  }

  async encode(
    { texts, priority }: { readonly texts: readonly string[]; readonly priority: Priority },
    { signal }: CallContext<never>,
  ): Promise<Rows> {
    const ready = this.#ready;
    if (ready === null) throw new PhotoglotError('session-failed', 'The text tower is not loaded.');
    const { session, tokenize, tower, dimension } = ready;
    const data = new Float32Array(texts.length * dimension);
    for (let first = 0; first < texts.length; first += BATCH) {
      const batch = tokenize(texts.slice(first, first + BATCH));
      const rows = await this.#queue.run({ priority, signal }, () => run(session, batch, tower));
      data.set(rows.data, first * dimension);
    }
    return withTransfer({ data, count: texts.length, dim: dimension }, [data.buffer]);
  }
}

function run(
  session: TowerSession,
  { ids, mask, count, length }: TokenBatch,
  { inputs }: TextTower,
): Promise<Rows> {
  const dims = [count, length];
  return session.run({
    [inputs.ids]: { type: 'int64', data: ids, dims },
    [inputs.mask]: { type: 'int64', data: mask, dims },
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (thrown) {
    const message = 'The tokenizer.json of the model is not JSON.';
    throw new PhotoglotError('session-failed', message, { cause: thrown });
  }
}
