/** The sizes of an image tower, as its file tells them. */
import { broken, checkFormat, metadataNumber, type TensorFile } from '../kernels/safetensors';

export interface SiglipShape {
  readonly layers: number;
  /** Length of a patch's vector. */
  readonly width: number;
  /** Length of the feed-forward layer's inside. */
  readonly hidden: number;
  readonly heads: number;
  /** Inputs that share a scale. */
  readonly group: number;
  /** Added to the variance in layer norms. */
  readonly eps: number;
  /** Numbers of a patch: three colours of its pixels. */
  readonly values: number;
  /** Rows and columns of the table of positions. */
  readonly side: number;
}

/** Throws `session-failed` for a file of another kind, and for sizes that the kernels cannot do. */
export function siglipShape(file: TensorFile): SiglipShape {
  checkFormat(file, 'photoglot-siglip');
  const read = (key: string): number => metadataNumber(file, key);
  const shape = {
    layers: read('layers'),
    width: read('width'),
    hidden: read('hidden'),
    heads: read('heads'),
    group: read('group'),
    eps: Number(file.metadata.eps),
    values: 3 * read('patch') ** 2,
    side: read('side'),
  };
  const { width, hidden, heads, group, values } = shape;
  const fits =
    width % (4 * heads) === 0 &&
    group % 16 === 0 &&
    width % group === 0 &&
    hidden % group === 0 &&
    values % group === 0 &&
    shape.eps > 0;
  if (fits) return shape;
  throw broken(file.name, `the kernels cannot do its sizes ${JSON.stringify(shape)}`);
}

/** The sizes of a projector. */
export interface ProjectorShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly group: number;
}

/** Throws `session-failed` for a file of another kind, and for one that does not follow such a tower. */
export function projectorShape(file: TensorFile, { width }: SiglipShape): ProjectorShape {
  checkFormat(file, 'photoglot-projector');
  const read = (key: string): number => metadataNumber(file, key);
  const shape = {
    inputs: read('inputs'),
    hidden: read('hidden'),
    outputs: read('outputs'),
    group: read('group'),
  };
  const { inputs, hidden, outputs, group } = shape;
  const fits =
    inputs === width &&
    group % 16 === 0 &&
    inputs % group === 0 &&
    hidden % group === 0 &&
    outputs % 4 === 0;
  if (fits) return shape;
  throw broken(
    file.name,
    `the kernels cannot do its sizes ${JSON.stringify(shape)} behind ${String(width)}`,
  );
}
