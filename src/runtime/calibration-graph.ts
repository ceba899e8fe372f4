/**
 * A graph that costs what two feed-forward blocks of a small transformer do, in a kilobyte: weights
 * are constants that ONNX Runtime fills in while it makes the session. `[rows,512]` → `[rows,512]`,
 * each block `relu(x · A) · B` with A `[512,2048]` and B `[2048,512]`.
 */
import type { GraphFormat } from '../protocol/calibration-contract';
import {
  ELEMENT,
  int64Bytes,
  MICROSOFT,
  onnxModel,
  type OnnxNode,
  type OnnxTensor,
} from './onnx-writer';

export const CALIBRATION = {
  input: 'x',
  output: 'y',
  width: 512,
  hidden: 2048,
  blocks: 2,
} as const;

type Constant = OnnxTensor & { readonly name: string };

/** What is being written. */
interface Draft {
  readonly nodes: OnnxNode[];
  readonly constants: Constant[];
}

/** Weights that are all equal: a row of ones comes out as `factor`. */
interface Weights {
  readonly name: string;
  readonly dims: readonly [length: number, width: number];
  /** 1 + step / 16: different in each product, or ONNX Runtime would keep the weights once. */
  readonly step: number;
}

type Product = (draft: Draft, input: string, weights: Weights) => string;

type Filling = Float32Array | Uint16Array | Int8Array | Uint8Array;

/** Inputs that share a scale in N-bit formats. */
const BLOCK = 32;

/** The bytes of the model. */
export function calibrationGraph(format: GraphFormat, rows: number): Uint8Array<ArrayBuffer> {
  const { input, output, width, hidden: inside, blocks } = CALIBRATION;
  const draft: Draft = { nodes: [], constants: [] };
  const product = PRODUCTS[format];
  let last = format.endsWith('16') ? cast(draft, input, ELEMENT.float16) : input;
  for (let block = 0; block < blocks; block++) {
    const up = { name: `up${block}`, dims: [width, inside], step: 2 * block } as const;
    const down = { name: `down${block}`, dims: [inside, width], step: 2 * block + 1 } as const;
    const hidden = add(draft, 'Relu', [product(draft, last, up)]);
    last = product(draft, hidden, down);
  }
  draft.nodes.push({
    op: 'Cast',
    inputs: [last],
    outputs: [output],
    attributes: { to: ELEMENT.float32 },
  });
  const dims = [rows, width];
  return onnxModel({
    ...draft,
    input: { name: input, dims },
    output: { name: output, dims },
  });
}

/** What comes out where all that goes in is 1, up to the rounding of the format. */
export function calibrationResult(): number {
  return Array.from({ length: 2 * CALIBRATION.blocks }, (_, step) => factorOf(step)).reduce(
    (a, b) => a * b,
  );
}

const PRODUCTS: Readonly<Record<GraphFormat, Product>> = {
  fp32: (draft, input, weights) => {
    const value = Float32Array.of(factorOf(weights.step) / weights.dims[0]);
    return matMul(draft, input, fill(draft, weights, ELEMENT.float32, value));
  },
  fp16: (draft, input, weights) => {
    const value = inFloat16(weights, weights.dims[0]);
    return matMul(draft, input, fill(draft, weights, ELEMENT.float16, value));
  },
  // As dynamic quantization does it: activations are quantized in each run.
  int8: (draft, input, weights) => {
    const matrix = fill(draft, weights, ELEMENT.int8, Int8Array.of(16 + weights.step));
    const [levels, scale, zero] = ['levels', 'scale', 'zero'].map(
      (part) => `${weights.name}.${part}`,
    ) as [string, string, string];
    draft.nodes.push({
      op: 'DynamicQuantizeLinear',
      inputs: [input],
      outputs: [levels, scale, zero],
    });
    const sums = cast(draft, add(draft, 'MatMulInteger', [levels, matrix, zero]), ELEMENT.float32);
    const weightScale = `${weights.name}.weight-scale`;
    const bytes = bytesOf(Float32Array.of(1 / (16 * weights.dims[0])));
    draft.constants.push({ name: weightScale, element: ELEMENT.float32, dims: [], bytes });
    return add(draft, 'Mul', [sums, add(draft, 'Mul', [scale, weightScale])]);
  },
  q4: nBits(4, ELEMENT.float32),
  q4f16: nBits(4, ELEMENT.float16),
  w8: nBits(8, ELEMENT.float32),
  w8f16: nBits(8, ELEMENT.float16),
};

/** Blocks of 32 inputs, and a scale for each, as `training/export/nbits.py` writes them. */
function nBits(bits: 4 | 8, element: typeof ELEMENT.float32 | typeof ELEMENT.float16): Product {
  return (draft, input, weights) => {
    const { name, step } = weights;
    const [inputs, outputs] = weights.dims;
    // Codes of 1 in the first block and of 2 in the second, for the same reason as steps.
    const level = 1 + (step >> 1);
    const code = 2 ** (bits - 1) + level;
    const codes = Uint8Array.of(bits === 8 ? code : code * 17);
    const shape = [outputs, inputs / BLOCK];
    const scale =
      element === ELEMENT.float16
        ? inFloat16(weights, inputs * level)
        : Float32Array.of(factorOf(step) / inputs / level);
    const matrix = { name, dims: [...shape, (BLOCK * bits) / 8] };
    const scales = { name: `${name}.scales`, dims: shape };
    const parts = [
      input,
      fill(draft, matrix, ELEMENT.uint8, codes),
      fill(draft, scales, element, scale),
    ];
    const attributes = { K: inputs, N: outputs, bits, block_size: BLOCK };
    return add(draft, 'MatMulNBits', parts, attributes, MICROSOFT);
  };
}

/** The weights' factor divided by a power of two. */
function inFloat16({ step }: Weights, divisor: number): Uint16Array {
  // 2^-e has the exponent 15 − e in its upper bits; sixteenths are the upper 4 of 10 bits below.
  return Uint16Array.of(((15 - Math.log2(divisor)) << 10) | (step << 6));
}

function factorOf(step: number): number {
  return 1 + step / 16;
}

/** A matrix that ONNX Runtime fills. */
function fill(
  draft: Draft,
  { name, dims }: { readonly name: string; readonly dims: readonly number[] },
  element: number,
  value: Filling,
): string {
  const shape = `${name}.shape`;
  draft.constants.push({
    name: shape,
    element: ELEMENT.int64,
    dims: [dims.length],
    bytes: int64Bytes(dims),
  });
  const attributes = { value: { element, dims: [1], bytes: bytesOf(value) } };
  draft.nodes.push({ op: 'ConstantOfShape', inputs: [shape], outputs: [name], attributes });
  return name;
}

function matMul(draft: Draft, input: string, weights: string): string {
  return add(draft, 'MatMul', [input, weights]);
}

function cast(draft: Draft, input: string, to: number): string {
  return add(draft, 'Cast', [input], { to });
}

function add(
  { nodes }: Draft,
  op: string,
  inputs: readonly string[],
  attributes: OnnxNode['attributes'] = {},
  domain?: OnnxNode['domain'],
): string {
  const output = `${op}${nodes.length}`;
  nodes.push({
    ...{ op, inputs, outputs: [output], attributes },
    ...(domain === undefined ? {} : { domain }),
  });
  return output;
}

function bytesOf({ buffer }: Filling): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer);
}
