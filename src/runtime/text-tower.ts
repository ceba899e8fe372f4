/** The text tower: tokenizer and session, behind a queue. */
import { PhotoglotError } from '../errors';
import { createTextTokenizer } from '../preprocess/text-tokenizer';
import type { CallContext } from '../protocol/contract-types';
import type {
  EncodedRows,
  EncodedText,
  TextBatch,
  TextProgress,
  TextsToEncode,
  TextTowerContract,
  TowerInfo,
  TowerLoad,
} from '../protocol/tower-contract';
import { withTransfer } from '../protocol/transfer';
import { BertSession } from './bert/bert-session';
import { knownTokens } from './known-tokens';
import { loadTower, openOnnx, towerFile } from './load-tower';
import { PriorityGate } from './priority-gate';
import { readBlob } from './read-blob';
import { selfTest } from './self-test';
import { denseRows, fullOutputs, type TextParts } from './text-runner';
import { TowerSession } from './tower-session';
import { wasmThreads } from './wasm-threads';
import { WordsSession } from './words-session';

/** In ONNX Runtime a second thread makes short texts slower; the encoder of our own takes it for long ones. */
const ONNX_THREADS = 1;

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
      threads: load.variant.engine === 'bert' ? wasmThreads() : ONNX_THREADS,
      open: (threads) => openText(load, threads, context.signal),
      context,
      prepare: async (session) => {
        const has = hasRow(session);
        const parts = { session, tokenizer: await tokenizer, tower, dimension, has };
        const encode = async (input: string): Promise<Float32Array | null> => {
          const { missing } = knownTokens(parts.tokenizer.encode(input), parts);
          if (missing.length > 0) return null;
          return (await denseRows(parts, [input], this.#queue, gate)).data;
        };
        const vectors = load.variant.golden ?? golden.text;
        await selfTest({ golden: vectors, tested: load.tested ?? false, encode });
        return parts;
      },
    });
    this.#parts = ready;
    return info;
  }

  async encode(
    { texts, priority, shared = false }: TextsToEncode,
    { signal }: CallContext<never>,
  ): Promise<EncodedRows> {
    const gate = { priority, signal, shared };
    const rows = await denseRows(this.#loaded(), texts, this.#queue, gate);
    return withTransfer(rows, [rows.data.buffer]);
  }

  async encodeFully(
    { priority, shared = false, ...batch }: TextBatch,
    { signal, progress }: CallContext<TextProgress>,
  ): Promise<readonly EncodedText[]> {
    const gate = { priority, signal, shared };
    const outputs = await fullOutputs(this.#loaded(), batch, this.#queue, gate, progress);
    return withTransfer(outputs, outputs.flatMap(buffersOf));
  }

  #loaded(): TextParts {
    if (this.#parts !== null) return this.#parts;
    throw new PhotoglotError('session-failed', 'The text tower is not loaded.');
  }
}

type TextSession = BertSession | WordsSession | TowerSession;

function openText(load: TowerLoad, threads: number, signal: AbortSignal): Promise<TextSession> {
  const { variant, manifest } = load;
  const fileOf = (path: string): { path: string; blob: Blob } => ({
    path,
    blob: towerFile(load, path),
  });
  const rows = variant.rows?.map(({ file }) => fileOf(file));
  const tower = manifest.text;
  if (variant.engine === 'bert') {
    const model = fileOf(variant.file);
    return BertSession.create({ model, rows: rows ?? [], tower, threads, signal });
  }
  const open = (): Promise<TowerSession> => openOnnx(load, threads);
  return rows === undefined ? open() : WordsSession.create({ rows, tower, open });
}

/** A graph by itself has all its words. */
function hasRow(session: TextSession): TextParts['has'] {
  return session instanceof TowerSession ? () => true : (id) => session.has(id);
}

function buffersOf({ dense, sparse, colbert }: EncodedText): Transferable[] {
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
