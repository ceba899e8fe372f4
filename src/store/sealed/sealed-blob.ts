/**
 * Pictures, encrypted piece by piece, so that a large one is never in memory as a whole. All
 * little-endian:
 *
 * | byte | type     | what                                                                  |
 * |------|----------|-----------------------------------------------------------------------|
 * | 0    | uint32   | bytes of the header                                                   |
 * | 4    | header   | sealed JSON (vault.ts) `{ id, type, size, name?, lastModified? }`     |
 * |      | pieces   | sealed; each holds 1 MiB, the last one what is left                   |
 *
 * Pieces are bound to the picture's place, to `id`, which no other picture has, and to their number; how
 * many there are follows from `size`. So none can be left out, moved, or taken from another picture.
 */
import { sealBroken, type Place } from './message-key';
import { SEAL_OVERHEAD, type Vault } from './vault';

const LENGTH_BYTES = 4;
const PIECE_BYTES = 2 ** 20;

interface Header {
  readonly id: string;
  readonly type: string;
  readonly size: number;
  /** Of a file. */
  readonly name?: string;
  readonly lastModified?: number;
}

/** What can be kept at `place`, and opened from there only. Its type says nothing. */
export async function sealBlob(vault: Vault, blob: Blob, place: Place): Promise<Blob> {
  const header: Header = {
    id: crypto.randomUUID(),
    type: blob.type,
    size: blob.size,
    ...(blob instanceof File && { name: blob.name, lastModified: blob.lastModified }),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const sealed = await vault.seal(json, [...place, 'header']);
  const length = new DataView(new ArrayBuffer(LENGTH_BYTES));
  length.setUint32(0, sealed.byteLength, true);
  const parts: BlobPart[] = [length, sealed];
  for (let piece = 0; piece * PIECE_BYTES < blob.size; piece++) {
    const bytes = await readBytes(blob, piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
    // In a Blob of its own, which the browser keeps outside this worker's memory.
    parts.push(new Blob([await vault.seal(bytes, [...place, header.id, piece])]));
  }
  return new Blob(parts);
}

/** The inverse of {@link sealBlob}. Rejects with `storage` as `Vault.open` does. */
export async function openBlob(vault: Vault, sealed: Blob, place: Place): Promise<Blob> {
  const length = new DataView(await sealed.slice(0, LENGTH_BYTES).arrayBuffer());
  if (length.byteLength < LENGTH_BYTES) throw sealBroken();
  let at = LENGTH_BYTES + length.getUint32(0, true);
  if (at > sealed.size) throw sealBroken();
  const json = await vault.open(await readBytes(sealed, LENGTH_BYTES, at), [...place, 'header']);
  const { id, type, size, name, lastModified } = JSON.parse(
    new TextDecoder().decode(json),
  ) as Header;
  const parts: Blob[] = [];
  for (let piece = 0; piece * PIECE_BYTES < size; piece++) {
    const bytes = Math.min(PIECE_BYTES, size - piece * PIECE_BYTES) + SEAL_OVERHEAD;
    const message = await readBytes(sealed, at, at + bytes);
    parts.push(new Blob([await vault.open(message, [...place, id, piece])]));
    at += bytes;
  }
  if (at !== sealed.size) throw sealBroken();
  return name === undefined
    ? new Blob(parts, { type })
    : new File(parts, name, { type, ...(lastModified !== undefined && { lastModified }) });
}

/** Rejects with `storage` for bytes that the browser has lost. */
async function readBytes(blob: Blob, start: number, end: number): Promise<ArrayBuffer> {
  try {
    return await blob.slice(start, end).arrayBuffer();
  } catch (thrown) {
    throw sealBroken(thrown);
  }
}
