/** The sizes of an encoder, as its file tells them. */
import { broken, checkFormat, metadataNumber, type TensorFile } from '../kernels/safetensors';

export interface BertShape {
  readonly layers: number;
  /** Length of a token's vector. */
  readonly width: number;
  /** Length of the feed-forward layer's inside. */
  readonly hidden: number;
  readonly heads: number;
  /** Inputs that share a scale. */
  readonly group: number;
  /** Added to the variance in layer norms. */
  readonly eps: number;
  /** Longest input. */
  readonly tokens: number;
  readonly vocabulary: number;
  /** Length of the multi-vectors. */
  readonly colbert: number;
}

/** Throws `session-failed` for a file of another kind, and for sizes that the kernels cannot do. */
export function bertShape(file: TensorFile): BertShape {
  checkFormat(file, 'photoglot-bert');
  const read = (key: string): number => metadataNumber(file, key);
  const shape = {
    layers: read('layers'),
    width: read('width'),
    hidden: read('hidden'),
    heads: read('heads'),
    group: read('group'),
    eps: Number(file.metadata.eps),
    tokens: read('tokens'),
    vocabulary: read('vocabulary'),
    colbert: file.tensors.get('colbert.weight')?.shape[0] ?? 0,
  };
  const { width, hidden, heads, group, colbert } = shape;
  const fits =
    width % (16 * heads) === 0 &&
    group % 16 === 0 &&
    width % group === 0 &&
    hidden % group === 0 &&
    colbert % 4 === 0 &&
    colbert <= hidden &&
    shape.eps > 0;
  if (fits) return shape;
  throw broken(file.name, `the kernels cannot do its sizes ${JSON.stringify(shape)}`);
}
