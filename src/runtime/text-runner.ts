/** Texts → outputs of the text tower, in batches of like length. */
import { lexicalWeights } from '../core/lexical-weights';
import { mergeWindows, type WindowOutputs } from '../core/merge-windows';
import { PhotoglotError } from '../errors';
import type { TextTower } from '../models/manifest';
import type { TextTokenizer } from '../preprocess/text-tokenizer';
import { padTokens, planBatches } from '../preprocess/token-batches';
import { frameTokens, tokenWindows, type TokenWindow } from '../preprocess/token-windows';
import type { Rows } from '../protocol/rows';
import type { EncodedRows, EncodedText, TextBatch, TextProgress } from '../protocol/tower-contract';
import { BATCH_LIMITS } from './batch-limits';
import { inTurns } from './in-turns';
import { knownTokens } from './known-tokens';
import { checkFinite, checkShape, rowsOf, unitRows } from './output-rows';
import type { GateOptions, PriorityGate } from './priority-gate';
import type { ModelSession, RunOptions } from './model-session';
import type { TensorInput, TensorOutput } from './tower-session';

/** How texts wait for their turn, and run. */
export type TextGate = GateOptions & Partial<Pick<RunOptions, 'shared'>>;

/** What a loaded tower consists of. */
export interface TextParts {
  readonly session: ModelSession;
  readonly tokenizer: TextTokenizer;
  readonly tower: TextTower;
  readonly dimension: number;
  /** Whether the table of words has that token; where it is in packs, some may be left out. */
  readonly has: (id: number) => boolean;
}

/** The dense vector of each text, cut at the model's limit. */
export async function denseRows(
  parts: TextParts,
  texts: readonly string[],
  queue: PriorityGate,
  gate: TextGate,
): Promise<EncodedRows> {
  const { dimension: dim } = parts;
  const only = { texts, sparse: false, colbert: false, maxTokens: null, overlap: null };
  const outputs = await fullOutputs(parts, only, queue, gate, () => undefined);
  const data = new Float32Array(texts.length * dim);
  outputs.forEach(({ dense }, row) => {
    data.set(dense, row * dim);
  });
  const missing = [...new Set(outputs.flatMap((output) => output.missing))];
  return { data, count: texts.length, dim, missing };
}

/** All outputs asked for; throws `invalid-input` for one that the model does not have. */
export async function fullOutputs(
  parts: TextParts,
  { texts, sparse, colbert, maxTokens, overlap }: Omit<TextBatch, 'priority'>,
  queue: PriorityGate,
  gate: TextGate,
  progress: (progress: TextProgress) => void,
): Promise<readonly EncodedText[]> {
  const { tokenizer, tower } = parts;
  const wanted = wantedOf(tower, sparse, colbert);
  const limit = Math.min(maxTokens ?? tower.maxTokens, tower.maxTokens);
  const cut = await inTurns(texts, gate.signal, (text) => {
    const { known, missing } = knownTokens(tokenizer.encode(text), parts);
    return { windows: windowsOf(tokenizer, tower, known, limit, overlap), missing };
  });
  const windows = cut.flatMap((each, of) => each.windows.map((window) => ({ ...window, of })));
  const results = texts.map((): WindowOutputs[] => []);
  let done = 0;
  for (const batch of planBatches(lengthsOf(windows.map(({ ids }) => ids)), BATCH_LIMITS)) {
    const chosen = batch.flatMap((index) => windows[index] ?? []);
    const outputs = await queue.run(gate, () => runWindows(parts, chosen, wanted, gate));
    chosen.forEach(({ of }, row) => {
      const output = outputs[row];
      if (output !== undefined) results[of]?.push(output);
    });
    done += chosen.length;
    progress({ done: Math.floor((done / windows.length) * texts.length), total: texts.length });
  }
  return results.map((each, of) => ({
    ...mergeWindows(each.sort((a, b) => a.start - b.start)),
    missing: cut[of]?.missing ?? [],
  }));
}

interface Wanted {
  readonly sparse: NonNullable<TextTower['sparse']> | null;
  readonly colbert: NonNullable<TextTower['colbert']> | null;
}

function wantedOf(tower: TextTower, sparse: boolean, colbert: boolean): Wanted {
  return {
    sparse: sparse ? had('sparse', tower.sparse) : null,
    colbert: colbert ? had('colbert', tower.colbert) : null,
  };
}

function had<Head>(name: string, head: Head | undefined): Head {
  if (head !== undefined) return head;
  throw new PhotoglotError('invalid-input', `This model has no "${name}" output.`);
}

function windowsOf(
  tokenizer: TextTokenizer,
  tower: TextTower,
  content: readonly number[],
  maxTokens: number,
  overlap: number | null,
): readonly TokenWindow[] {
  const windows =
    overlap === null
      ? [cutWindow(content, tokenizer, maxTokens)]
      : tokenWindows(content, tokenizer, maxTokens, overlap);
  return windows.map((window) => ({ ...window, ids: atLeastOne(window.ids, tower) }));
}

function cutWindow(
  content: readonly number[],
  frame: TextTokenizer,
  maxTokens: number,
): TokenWindow {
  const ids = frameTokens(content, frame, maxTokens);
  return { ids, start: 0, end: ids.length - frame.prefix.length - frame.suffix.length };
}

/** Nothing left after normalisation: one token all the same, as a mean over none is no number. */
function atLeastOne(ids: readonly number[], { padId }: TextTower): readonly number[] {
  return ids.length === 0 ? [padId] : ids;
}

async function runWindows(
  parts: TextParts,
  windows: readonly TokenWindow[],
  { sparse, colbert }: Wanted,
  { signal, shared = false }: TextGate,
): Promise<readonly WindowOutputs[]> {
  const { tower, dimension } = parts;
  const ids = windows.map((window) => window.ids);
  const names = [
    tower.output,
    ...(sparse ? [sparse.output] : []),
    ...(colbert ? [colbert.output] : []),
  ];
  const [dense, ...heads] = await run(parts, ids, names, { signal, shared });
  if (dense === undefined) throw new PhotoglotError('internal', 'The model gave nothing.');
  const rows = unitRows(rowsOf(dense, windows.length, dimension));
  const weights = sparse && heads.shift();
  const vectors = colbert && heads.shift();
  const longest = Math.max(...lengthsOf(ids));
  if (weights) checkShape(weights, [windows.length, longest]);
  if (vectors) checkShape(vectors, [windows.length, longest - 1, colbert.dimension]);
  const ignored = new Set(sparse?.ignoredIds);
  return windows.map(({ ids: own, start, end }, row) => ({
    start,
    end,
    dense: rows.data.slice(row * dimension, (row + 1) * dimension),
    sparse: weights ? sparseOf(weights, row, own, ignored) : null,
    colbert: vectors ? colbertOf(vectors, row, own.length - 1) : null,
  }));
}

/** Row of `[B,T]`: the text's own tokens come first, then padding. */
function sparseOf(
  { data, dims: [, length = 0] }: TensorOutput,
  row: number,
  ids: readonly number[],
  ignored: ReadonlySet<number>,
): NonNullable<WindowOutputs['sparse']> {
  const own = data.subarray(row * length, row * length + ids.length);
  checkFinite(own);
  return lexicalWeights(ids, own, ignored);
}

/** Row of `[B,T−1,dim]`, without padding. */
function colbertOf(
  { data, dims: [, length = 0, dim = 0] }: TensorOutput,
  row: number,
  count: number,
): Rows {
  const start = row * length * dim;
  return unitRows({ data: data.slice(start, start + count * dim), count, dim });
}

function run<const Names extends readonly string[]>(
  { session, tower: { inputs, padId } }: TextParts,
  ids: readonly (readonly number[])[],
  outputs: Names,
  options: RunOptions,
): Promise<{ readonly [Index in keyof Names]: TensorOutput }> {
  const batch = padTokens(ids, padId);
  const dims = [batch.count, batch.length];
  const feeds: Record<string, TensorInput> = {
    [inputs.ids]: { type: 'int64', data: batch.ids, dims },
    [inputs.mask]: { type: 'int64', data: batch.mask, dims },
  };
  return session.run(feeds, outputs, options);
}

function lengthsOf(rows: readonly (readonly number[])[]): number[] {
  return rows.map((row) => row.length);
}
