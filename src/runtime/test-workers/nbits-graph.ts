/** A single product with weights in N bits, as a graph, and in plain arithmetic. */
import { ELEMENT, MICROSOFT, onnxModel } from '../onnx-writer';

const BLOCK = 32;

/** `[rows,inputs]` times the weights `[outputs,inputs]`, transposed. */
export interface NBitsSize {
  readonly bits: 4 | 8;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Codes as they are stored, and a scale for each output and block, of either sign. */
export interface NBitsWeights {
  readonly codes: Uint8Array;
  readonly scales: Float32Array;
}

/** Numbers in [0, 1): a linear congruential generator (Numerical Recipes). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Random in every bit; what fills up the last block is zero, as the export leaves it. */
export function randomWeights(
  { bits, inputs, outputs }: NBitsSize,
  random: () => number,
): NBitsWeights {
  const blocks = Math.ceil(inputs / BLOCK);
  const codes = Uint8Array.from({ length: (outputs * blocks * BLOCK * bits) / 8 }, () =>
    Math.floor(random() * 256),
  );
  const stride = (blocks * BLOCK * bits) / 8;
  for (let output = 0; output < outputs; output++) {
    codes.fill(
      bits === 4 ? 0x88 : 0x80,
      output * stride + (inputs * bits) / 8,
      (output + 1) * stride,
    );
  }
  const scales = Float32Array.from(
    { length: outputs * blocks },
    () => (random() < 0.5 ? -1 : 1) * (0.5 + random()) * 2 ** -bits,
  );
  return { codes, scales };
}

/** `x` `[rows,inputs]` → `y` `[rows,outputs]`. */
export function nBitsGraph(
  { bits, rows, inputs, outputs }: NBitsSize,
  { codes, scales }: NBitsWeights,
): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil(inputs / BLOCK);
  const attributes = { K: inputs, N: outputs, bits, block_size: BLOCK };
  return onnxModel({
    nodes: [
      {
        op: 'MatMulNBits',
        domain: MICROSOFT,
        inputs: ['x', 'codes', 'scales'],
        outputs: ['y'],
        attributes,
      },
    ],
    constants: [
      {
        name: 'codes',
        element: ELEMENT.uint8,
        dims: [outputs, blocks, (BLOCK * bits) / 8],
        bytes: codes,
      },
      {
        name: 'scales',
        element: ELEMENT.float32,
        dims: [outputs, blocks],
        bytes: new Uint8Array(scales.buffer),
      },
    ],
    input: { name: 'x', dims: [rows, inputs] },
    output: { name: 'y', dims: [rows, outputs] },
  });
}

/** What comes out, by the definition. */
export function nBitsProduct(
  x: Float32Array,
  { bits, rows, inputs, outputs }: NBitsSize,
  { codes, scales }: NBitsWeights,
): Float32Array {
  const blocks = Math.ceil(inputs / BLOCK);
  const y = new Float32Array(rows * outputs);
  const weights = new Float32Array(inputs);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const at = output * blocks * BLOCK + input;
      const code = bits === 8 ? (codes[at] ?? 0) : ((codes[at >> 1] ?? 0) >> (4 * (at & 1))) & 15;
      weights[input] = (code - 2 ** (bits - 1)) * (scales[Math.floor(at / BLOCK)] ?? 0);
    }
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let input = 0; input < inputs; input++) {
        sum += (x[row * inputs + input] ?? 0) * (weights[input] ?? 0);
      }
      y[row * outputs + output] = sum;
    }
  }
  return y;
}
