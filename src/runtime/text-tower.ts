/** The text tower: tokenizer and session, behind a queue. */
import type { TextOutputs } from '../core/merge-windows';
import { PhotoglotError } from '../errors';
import { createTextTokenizer } from '../preprocess/text-tokenizer';
import type { CallContext } from '../protocol/contract-types';
import type { Rows } from '../protocol/rows';
import type {
  Priority,
  TextBatch,
  TextProgress,
  TextTowerContract,
  TowerInfo,
  TowerLoad,
} from '../protocol/tower-contract';
import { withTransfer } from '../protocol/transfer';
import { loadTower, towerFile } from './load-tower';
import { PriorityGate } from './priority-gate';
import { readBlob } from './read-blob';
import { selfTest } from './self-test';
import { denseRows, fullOutputs, type TextParts } from './text-runner';

/** A second thread makes short texts slower. */
const THREADS = 1;

export class TextTowerHost implements TextTowerContract {
  readonly #queue = new PriorityGate(1);
  #parts: TextParts | null = null;

  async load(load: TowerLoad, context: CallContext<never>): Promise<TowerInfo> {
    const { text: tower, dimension, golden } = load.manifest;
    const tokenizer = readBlob(towerFile(load, tower.tokenizer), tower.tokenizer).then((bytes) =>
      createTextTokenizer(parse(bytes)),
    );
    // Looked at below; until then a failure must not count as unhandled.
    tokenizer.catch(() => undefined);
    const gate = { priority: 'query', signal: context.signal } as const;
    const { ready, info } = await loadTower({
      ...load,
      threads: THREADS,
      context,
      prepare: async (session) => {
        const parts = { session, tokenizer: await tokenizer, tower, dimension };
        await selfTest(golden.text, async (input) => {
          return (await denseRows(parts, [input], this.#queue, gate)).data;
        });
        return parts;
      },
    });
    this.#parts = ready;
    return info;
  }

  async encode(
    { texts, priority }: { readonly texts: readonly string[]; readonly priority: Priority },
    { signal }: CallContext<never>,
  ): Promise<Rows> {
    const rows = await denseRows(this.#loaded(), texts, this.#queue, { priority, signal });
    return withTransfer(rows, [rows.data.buffer]);
  }

  async encodeFully(
    { priority, ...batch }: TextBatch,
    { signal, progress }: CallContext<TextProgress>,
  ): Promise<readonly TextOutputs[]> {
    const gate = { priority, signal };
    const outputs = await fullOutputs(this.#loaded(), batch, this.#queue, gate, progress);
    return withTransfer(outputs, outputs.flatMap(buffersOf));
  }

  #loaded(): TextParts {
    if (this.#parts !== null) return this.#parts;
    throw new PhotoglotError('session-failed', 'The text tower is not loaded.');
  }
}

function buffersOf({ dense, sparse, colbert }: TextOutputs): Transferable[] {
  const buffers = [dense.buffer];
  if (sparse !== null) buffers.push(sparse.ids.buffer, sparse.weights.buffer);
  if (colbert !== null) buffers.push(colbert.data.buffer as ArrayBuffer);
  return buffers;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (thrown) {
    const message = 'The tokenizer.json of the model is not JSON.';
    throw new PhotoglotError('session-failed', message, { cause: thrown });
  }
}
