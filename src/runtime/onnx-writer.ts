/** Writes small ONNX graphs (onnx.proto3 of ONNX 1.16): field numbers are that file's. */
import { encodeMessage, type ProtobufField } from './protobuf';

/** Of the graphs that are written here; ONNX Runtime 1.30 reads up to 21. */
const OPSET = 17;
/** ONNX Runtime's own operators, and their version. */
export const MICROSOFT = 'com.microsoft';
const MICROSOFT_OPSET = 1;
const IR_VERSION = 8;

/** Element types, as `TensorProto.DataType` numbers them. */
export const ELEMENT = { float32: 1, uint8: 2, int8: 3, int64: 7, float16: 10 } as const;

/** A constant: little-endian bytes. */
export interface OnnxTensor {
  readonly name?: string;
  readonly element: number;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

/** Attributes are an integer or a tensor. */
export interface OnnxNode {
  readonly op: string;
  /** @default ONNX's own operators */
  readonly domain?: typeof MICROSOFT;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | OnnxTensor>>;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly (OnnxTensor & { readonly name: string })[];
  /** float32. */
  readonly input: { readonly name: string; readonly dims: readonly number[] };
  /** float32. */
  readonly output: { readonly name: string; readonly dims: readonly number[] };
}

const ATTRIBUTE_INT = 2;
const ATTRIBUTE_TENSOR = 4;

/** The bytes of a `ModelProto`. */
export function onnxModel({ nodes, constants, input, output }: OnnxGraph): Uint8Array<ArrayBuffer> {
  const graph: ProtobufField[] = [
    ...nodes.map((node): ProtobufField => [1, nodeFields(node)]),
    [2, 'calibration'],
    ...constants.map((tensor): ProtobufField => [5, tensorFields(tensor)]),
    [11, valueFields(input)],
    [12, valueFields(output)],
  ];
  return encodeMessage([
    [1, IR_VERSION],
    [7, graph],
    [8, [[2, OPSET]]],
    [
      8,
      [
        [1, MICROSOFT],
        [2, MICROSOFT_OPSET],
      ],
    ],
  ]);
}

/** Little-endian bytes of int64 numbers. */
export function int64Bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}

function nodeFields({ op, domain, inputs, outputs, attributes = {} }: OnnxNode): ProtobufField[] {
  return [
    ...inputs.map((name): ProtobufField => [1, name]),
    ...outputs.map((name): ProtobufField => [2, name]),
    [4, op],
    ...Object.entries(attributes).map(([name, value]): ProtobufField => [
      5,
      typeof value === 'number'
        ? [
            [1, name],
            [3, value],
            [20, ATTRIBUTE_INT],
          ]
        : [
            [1, name],
            [5, tensorFields(value)],
            [20, ATTRIBUTE_TENSOR],
          ],
    ]),
    ...(domain === undefined ? [] : [[7, domain] as const]),
  ];
}

function tensorFields({ name, element, dims, bytes }: OnnxTensor): ProtobufField[] {
  return [
    ...dims.map((dim): ProtobufField => [1, dim]),
    [2, element],
    ...(name === undefined ? [] : [[8, name] as const]),
    [9, bytes],
  ];
}

function valueFields({ name, dims }: OnnxGraph['input']): ProtobufField[] {
  const shape = dims.map((dim): ProtobufField => [1, [[1, dim]]]);
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, ELEMENT.float32],
            [2, shape],
          ],
        ],
      ],
    ],
  ];
}
