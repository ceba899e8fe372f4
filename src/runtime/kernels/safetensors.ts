/**
 * The container of tensors that Hugging Face defines (huggingface.co/docs/safetensors): the length of
 * a header as 8 bytes, the header as JSON, the data.
 */
import * as v from 'valibot';
import { readPiece } from '../../core/read-piece';
import { PhotoglotError } from '../../errors';
import { unreadable } from '../read-blob';

/** Number types that are read here. */
export type TensorType = 'F32' | 'F16' | 'U32' | 'U8' | 'I8';

/** Where a tensor is. */
export interface StoredTensor {
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  /** Bytes from the beginning of the file. */
  readonly start: number;
  readonly end: number;
}

/** What a file holds; its data is read by whoever needs it. */
export interface TensorFile {
  readonly name: string;
  readonly blob: Blob;
  /** Bytes from the beginning of the file to the data. */
  readonly dataStart: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const BYTES = { F32: 4, F16: 2, U32: 4, U8: 1, I8: 1 } as const;
/** A header of 24 layers has 40 KB; one that claims to be larger than this is none. */
const LONGEST_HEADER = 2 ** 24;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entry = v.object({
  dtype: v.picklist(['F32', 'F16', 'U32', 'U8', 'I8']),
  shape: v.array(count),
  data_offsets: v.strictTuple([count, count]),
});
const header = v.objectWithRest(
  { __metadata__: v.optional(v.record(v.string(), v.string()), {}) },
  entry,
);

/**
 * Reads the header. Throws `session-failed` for what is no such file, `storage` where the browser has
 * lost its content.
 */
export async function openTensors(blob: Blob, name: string): Promise<TensorFile> {
  const length = Number(new DataView(await readRange(blob, 0, 8, name)).getBigUint64(0, true));
  if (length > LONGEST_HEADER || 8 + length > blob.size) throw broken(name, 'it has no header');
  const text = new TextDecoder().decode(await readRange(blob, 8, 8 + length, name));
  const parsed = v.safeParse(header, parse(text, name), { abortEarly: true });
  if (!parsed.success) throw broken(name, v.summarize(parsed.issues));
  const { __metadata__: metadata, ...entries } = parsed.output;
  const dataStart = 8 + length;
  const tensors = Object.entries(entries).map(([key, { dtype, shape, data_offsets }]) => {
    const [start, end] = data_offsets;
    const size = shape.reduce((product, axis) => product * axis, BYTES[dtype]);
    if (end - start !== size || dataStart + end > blob.size) {
      throw broken(name, `"${key}" is not where the header says`);
    }
    return [key, { dtype, shape, start: dataStart + start, end: dataStart + end }] as const;
  });
  return { name, blob, dataStart, metadata, tensors: new Map(tensors) };
}

/** The tensor of that name; throws `session-failed` unless it has that type and shape. */
export function tensorOf(
  file: TensorFile,
  key: string,
  dtype: TensorType,
  shape: readonly number[],
): StoredTensor {
  const found = file.tensors.get(key);
  if (found?.dtype === dtype && found.shape.join() === shape.join()) return found;
  const got = found === undefined ? 'nothing' : `${found.dtype} [${found.shape.join(', ')}]`;
  throw broken(file.name, `expected "${key}" as ${dtype} [${shape.join(', ')}], got ${got}`);
}

/** The bytes of a tensor, or of a part of it. */
export function readTensor(
  { blob, name }: TensorFile,
  { start, end }: Pick<StoredTensor, 'start' | 'end'>,
): Promise<ArrayBuffer> {
  return readRange(blob, start, end, name);
}

/** Throws `session-failed` unless the file is of that format, in the version that is read here. */
export function checkFormat({ metadata, name }: TensorFile, expected: string): void {
  const { format = 'no format', version = '' } = metadata;
  if (format === expected && version === '1') return;
  throw broken(name, `it is ${format} ${version}, not ${expected} 1`);
}

/** A positive whole number of the metadata; throws `session-failed` for anything else. */
export function metadataNumber({ metadata, name }: TensorFile, key: string): number {
  const value = Number(metadata[key]);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw broken(name, `its "${key}" is ${metadata[key] ?? 'missing'}`);
}

/** An error that names the file. */
export function broken(name: string, why: string): PhotoglotError {
  return new PhotoglotError('session-failed', `${name} cannot be used: ${why}.`);
}

async function readRange(
  blob: Blob,
  start: number,
  end: number,
  name: string,
): Promise<ArrayBuffer> {
  const range = await readPiece(blob.slice(start, end)).catch((thrown: unknown) => {
    throw unreadable(name, thrown);
  });
  if (range.byteLength === end - start) return range;
  throw broken(name, 'it ends too soon');
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw broken(name, 'its header is not JSON');
  }
}
