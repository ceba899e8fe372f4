/**
 * Graphs of a few hundred bytes that need all of the 4 GiB that WebAssembly can address, where ONNX
 * Runtime itself takes some: the allocation fails before a byte of it is touched.
 */
import { ELEMENT, int64Bytes, onnxModel, type OnnxGraph } from '../../runtime/onnx-writer';

const OUTPUT = 'pooler_output';
const PIXELS = { name: 'pixel_values', dims: [1, 3, 64, 64] } as const;
/** Numbers of 4 bytes: 4 GiB less 0.2 MB. A size above would not fit into 32 bits, which fails otherwise. */
const MANY = 1_073_700_000;

/** Needs it when the session is made: a constant, which ONNX Runtime computes beforehand. */
export function hungrySession(): Uint8Array<ArrayBuffer> {
  const one = new Uint8Array(Float32Array.of(1).buffer);
  return onnxModel({
    ...partsOf([MANY / 1000, 1000], PIXELS.dims),
    nodes: [
      {
        op: 'ConstantOfShape',
        inputs: ['shape'],
        outputs: ['constant'],
        attributes: { value: { element: ELEMENT.float32, dims: [1], bytes: one } },
      },
      { op: 'ReduceMax', inputs: ['constant'], outputs: ['most'], attributes: { keepdims: 0 } },
      { op: 'Mul', inputs: [PIXELS.name, 'most'], outputs: [OUTPUT] },
    ],
  });
}

/** Needs it when it runs. */
export function hungryRun(): Uint8Array<ArrayBuffer> {
  const dims = [Math.floor(MANY / (3 * 64 * 64)), 3, 64, 64];
  return onnxModel({
    ...partsOf(dims, dims),
    nodes: [{ op: 'Expand', inputs: [PIXELS.name, 'shape'], outputs: [OUTPUT] }],
  });
}

/** What both have: a shape as a constant, and the tower's input and output. */
function partsOf(
  shape: readonly number[],
  output: readonly number[],
): Pick<OnnxGraph, 'constants' | 'input' | 'output'> {
  const bytes = int64Bytes(shape);
  return {
    constants: [{ name: 'shape', element: ELEMENT.int64, dims: [shape.length], bytes }],
    input: PIXELS,
    output: { name: OUTPUT, dims: output },
  };
}
