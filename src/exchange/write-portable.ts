/** A collection as a portable file; see portable-format.ts. */
import { PhotoglotError } from '../errors';
import { Checksums } from './checksums';
import { jsonBytes } from './json-text';
import {
  CHECKSUM_BYTES,
  FILE_HEADER_BYTES,
  MAGIC,
  MAX_RECORD_BYTES,
  RECORD_HEADER_BYTES,
  TARGET_RECORD_BYTES,
  VERSION,
  type PictureHeader,
  type Tag,
} from './portable-format';
import type { PictureKind, RowBlock, RowSource } from './row-source';

const PICTURE_KINDS: readonly PictureKind[] = ['thumbnail', 'original'];

/** The file's bytes, at most a block of rows or a piece of a picture in memory. */
export async function* writePortable(source: RowSource): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { name, model, dimension, count } = source;
  const checksums = await Checksums.create();
  const header = fileHeader();
  checksums.add(header);
  yield header;
  yield record(checksums, 'HEAD', jsonBytes({ name, model, dimension, count }));
  for await (const block of source.blocks()) {
    for (const { part, payload } of rowsPayloads(block)) {
      yield record(checksums, 'ROWS', payload);
      yield* writePictures(checksums, source, part);
    }
  }
  yield record(checksums, 'DONE', checksums.sha256());
}

async function* writePictures(
  checksums: Checksums,
  source: RowSource,
  { items }: RowBlock,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const pictures = await source.pictures(items.map(({ id }) => id));
  for (const [row, pair] of pictures.entries()) {
    for (const kind of PICTURE_KINDS) {
      const picture = pair[kind];
      if (picture === null) continue;
      yield record(checksums, 'PICT', jsonBytes(pictureHeader(row, kind, picture)));
      for (let start = 0; start < picture.size; start += TARGET_RECORD_BYTES) {
        const piece = picture.slice(start, start + TARGET_RECORD_BYTES);
        yield record(checksums, 'DATA', new Uint8Array(await piece.arrayBuffer()));
      }
    }
  }
}

function pictureHeader(row: number, kind: PictureKind, picture: Blob): PictureHeader {
  const { type, size } = picture;
  if (!(picture instanceof File)) return { row, kind, type, size };
  const { name, lastModified } = picture;
  return { row, kind, type, size, name, lastModified };
}

/** One payload for the block, or several where its items are large. */
function* rowsPayloads(
  block: RowBlock,
): Generator<{ readonly part: RowBlock; readonly payload: Uint8Array<ArrayBuffer> }> {
  const { items, vectors } = block;
  const json = jsonBytes(items);
  const jsonLength = Math.ceil(json.length / 4) * 4;
  const length = 8 + jsonLength + vectors.byteLength;
  if (length <= MAX_RECORD_BYTES) {
    const payload = new Uint8Array(length);
    const view = new DataView(payload.buffer);
    view.setUint32(0, items.length, true);
    view.setUint32(4, jsonLength, true);
    payload.fill(0x20, 8, 8 + jsonLength);
    payload.set(json, 8);
    payload.set(bytesOf(vectors), 8 + jsonLength);
    yield { part: block, payload };
    return;
  }
  if (items.length === 1) {
    throw new PhotoglotError(
      'too-large',
      `The item "${items[0]?.id ?? ''}" takes ${length} bytes without its pictures; at most ` +
        `${MAX_RECORD_BYTES} can be exported.`,
    );
  }
  const half = Math.floor(items.length / 2);
  const numbers = (vectors.length / items.length) * half;
  yield* rowsPayloads({ items: items.slice(0, half), vectors: vectors.slice(0, numbers) });
  yield* rowsPayloads({ items: items.slice(half), vectors: vectors.slice(numbers) });
}

/** Typed arrays are little-endian in every engine that runs WebAssembly. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array<ArrayBuffer>) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function fileHeader(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FILE_HEADER_BYTES);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, VERSION, true);
  return bytes;
}

function record(
  checksums: Checksums,
  tag: Tag,
  payload: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(RECORD_HEADER_BYTES + payload.length + CHECKSUM_BYTES);
  bytes.set(new TextEncoder().encode(tag));
  new DataView(bytes.buffer).setUint32(4, payload.length, true);
  bytes.set(payload, RECORD_HEADER_BYTES);
  const body = bytes.subarray(0, RECORD_HEADER_BYTES + payload.length);
  bytes.set(checksums.crc(body), body.length);
  if (tag !== 'DONE') checksums.add(bytes);
  return bytes;
}
