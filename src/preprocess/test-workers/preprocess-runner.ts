import type { Geometry } from '../../core/geometry';
import type { Pixels } from '../../core/pixels';
import { flatten } from '../flatten';
import { targetOf } from '../geometry';
import { packPlanes } from '../pack';
import { packPatches, type SizedPicture } from '../pack-patches';
import { Resizer } from '../resize';
import type { ResizeFilter } from '../resize-kernel';
import { ScalarResizePasses } from '../scalar-resize';
import { createTextTokenizer } from '../text-tokenizer';
import { WasmResizePasses } from '../wasm-resize';
import { formulaPicture, type FormulaName } from './formula-picture';
import type { PreprocessContract, PreprocessTask } from './preprocess-contract';

const HALF = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;
const WHITE = [255, 255, 255] as const;
// One for all pictures: what one leaves in its memory must not show in the next.
const RESIZERS = { wasm: wasmResizer(), scalar: new Resizer(new ScalarResizePasses()) };

export const preprocessRunner: PreprocessContract = {
  tokenize({ tokenizer: json, texts }) {
    const tokenizer = createTextTokenizer(json);
    return Promise.resolve(texts.map((text) => tokenizer.encode(text)));
  },
  patches({ patch, maxPatches, ...task }) {
    const picture = resized(task, { kind: 'patches', patch, maxPatches }, 'bilinear');
    return Promise.resolve(packPatches([picture], { ...HALF, patch, patches: maxPatches }));
  },
  planes({ side, filter, ...task }) {
    const geometry = { kind: 'fixed', width: side, height: side, fit: 'squash' } as const;
    return Promise.resolve(packPlanes([resized(task, geometry, filter).rgb], side * side, HALF));
  },
};

function resized(
  { passes, picture, width, height }: PreprocessTask,
  geometry: Geometry,
  filter: ResizeFilter,
): SizedPicture {
  const resizer = RESIZERS[passes];
  if (resizer === null) throw new Error('There is no WASM SIMD here.');
  const pixels = drawn(picture, width, height);
  const target = targetOf(geometry, pixels.width, pixels.height);
  return { ...target, rgb: resizer.resize(pixels, target, filter) };
}

/** Cases with the same picture follow one another, and drawing takes longer than the rest. */
let latest: { readonly key: string; readonly pixels: Pixels } | null = null;

function drawn(picture: FormulaName, width: number, height: number): Pixels {
  const key = `${picture} ${width} ${height}`;
  if (latest?.key !== key) {
    latest = { key, pixels: flatten(formulaPicture(picture, width, height), WHITE) };
  }
  return latest.pixels;
}

function wasmResizer(): Resizer | null {
  const passes = WasmResizePasses.create();
  return passes && new Resizer(passes);
}
