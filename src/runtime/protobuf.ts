/** As much of Protocol Buffers' wire format as it takes to write a small message. */

/** One field: its number and its content. Numbers are integers ≥ 0 and are written as varints. */
export type ProtobufField = readonly [
  number: number,
  value: number | string | Uint8Array | readonly ProtobufField[],
];

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** The message with these fields, in their order. */
export function encodeMessage(fields: readonly ProtobufField[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(fields.flatMap(([number, value]) => encodeField(number, value)));
}

function encodeField(number: number, value: ProtobufField[1]): number[] {
  if (typeof value === 'number') return [...varint((number << 3) | VARINT), ...varint(value)];
  const bytes = contentOf(value);
  return [...varint((number << 3) | LENGTH_DELIMITED), ...varint(bytes.length), ...bytes];
}

function contentOf(value: Exclude<ProtobufField[1], number>): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  return value instanceof Uint8Array ? value : encodeMessage(value);
}

/** Seven bits at a time, the lowest first; all but the last have the eighth bit set. */
function varint(value: number): number[] {
  const bytes = [value % 128];
  // Not by shifts, which know 32 bits.
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128;
    bytes.push(rest % 128);
  }
  return bytes;
}
