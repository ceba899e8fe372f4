/**
 * What a file says of each row beside its vector. Little-endian:
 *
 * | byte | type   | what                                                               |
 * |------|--------|--------------------------------------------------------------------|
 * | 0    | uint64 | where the JSON of its item begins in the section of items          |
 * | 8    | uint32 | bytes of it; 0 where the row was dead when the file was written    |
 * | 12   | uint32 | CRC-32C of it                                                      |
 * | 16   | uint32 | CRC-32C of the vector, as float16                                  |
 *
 * Rows are read one by one, so they need checksums of their own.
 */
export const ENTRY_BYTES = 20;

export interface RowEntry {
  readonly at: number;
  readonly bytes: number;
  readonly itemChecksum: number;
  readonly vectorChecksum: number;
}

export function encodeEntries(entries: readonly RowEntry[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(entries.length * ENTRY_BYTES));
  entries.forEach(({ at, bytes, itemChecksum, vectorChecksum }, row) => {
    const start = row * ENTRY_BYTES;
    view.setBigUint64(start, BigInt(at), true);
    view.setUint32(start + 8, bytes, true);
    view.setUint32(start + 12, itemChecksum, true);
    view.setUint32(start + 16, vectorChecksum, true);
  });
  return new Uint8Array(view.buffer);
}

export function decodeEntries(bytes: Uint8Array): RowEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, row) => {
    const start = row * ENTRY_BYTES;
    return {
      at: Number(view.getBigUint64(start, true)),
      bytes: view.getUint32(start + 8, true),
      itemChecksum: view.getUint32(start + 12, true),
      vectorChecksum: view.getUint32(start + 16, true),
    };
  });
}
