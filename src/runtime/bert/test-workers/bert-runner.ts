/** The tiny encoder of the fixtures, for tests. */
import type { TextTower } from '../../../models/manifest';
import { unitRows } from '../../output-rows';
import { padTokens } from '../../../preprocess/token-batches';
import type { KernelName } from '../../kernels/kernel';
import { BertSession } from '../bert-session';

export interface BertOutputs {
  readonly dense: Float32Array;
  readonly sparse: Float32Array;
  /** [tokens − 1, 64] */
  readonly colbert: Float32Array;
}

export interface BertFiles {
  readonly model: Blob;
  readonly rows: readonly Blob[];
}

/** Names of the fixtures' files. */
export const MODEL = 'text.int7.safetensors';
export const ROWS = ['text.rows.core.safetensors', 'text.rows.latin.safetensors'] as const;

const tower: TextTower = {
  tokenizer: 'none',
  maxTokens: 96,
  padId: 1,
  inputs: { ids: 'input_ids', mask: 'attention_mask' },
  output: 'dense_vecs',
  sparse: { output: 'lexical_weights', ignoredIds: [] },
  colbert: { output: 'colbert_vecs', dimension: 64 },
  backends: { wasm: [], webgpu: [] },
};

export function createBert(
  { model, rows }: BertFiles,
  kernel: KernelName,
  threads: number,
): Promise<BertSession> {
  return BertSession.create({
    model: { path: MODEL, blob: model },
    rows: rows.map((blob, index) => ({ path: ROWS[index] ?? '', blob })),
    tower,
    threads,
    kernel,
    signal: new AbortController().signal,
  });
}

/** All outputs of each text, without padding; multi-vectors at length 1, as the tower gives them. */
export async function encodeBert(
  session: BertSession,
  texts: readonly (readonly number[])[],
): Promise<readonly BertOutputs[]> {
  const { ids, mask, count, length } = padTokens(texts, tower.padId);
  const dims = [count, length];
  const [dense, sparse, colbert] = await session.run(
    {
      input_ids: { type: 'int64', data: ids, dims },
      attention_mask: { type: 'int64', data: mask, dims },
    },
    ['dense_vecs', 'lexical_weights', 'colbert_vecs'],
    { signal: new AbortController().signal, shared: false },
  );
  return texts.map((text, row) => {
    const vectors = colbert.data.slice(row * (length - 1) * 64).subarray(0, (text.length - 1) * 64);
    return {
      dense: unit(dense.data.slice(row * 64, (row + 1) * 64), 1),
      sparse: sparse.data.slice(row * length, row * length + text.length),
      colbert: unit(vectors.slice(), text.length - 1),
    };
  });
}

function unit(data: Float32Array<ArrayBuffer>, count: number): Float32Array {
  return unitRows({ data, count, dim: 64 }).data;
}
