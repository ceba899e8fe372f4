/** A hostile file: anything in records, with checksums that are right. */
import { Checksums } from '../checksums';
import { MAGIC } from '../portable-format';

export type CraftedRecord = readonly [tag: string, payload: Uint8Array];

/** The file of these records, and of a last one that vouches for them. */
export async function crafted(records: readonly CraftedRecord[]): Promise<Uint8Array[]> {
  const checksums = await Checksums.create();
  const text = new TextEncoder();
  const header = new Uint8Array(16);
  header.set(text.encode(MAGIC));
  header[8] = 1;
  checksums.add(header);
  const pieces: Uint8Array[] = [header];
  const add = (tag: string, payload: Uint8Array): void => {
    const start = new Uint8Array(8);
    start.set(text.encode(tag));
    new DataView(start.buffer).setUint32(4, payload.length, true);
    const parts = [start, payload, checksums.crc(start, payload)];
    if (tag !== 'DONE') checksums.add(...parts);
    pieces.push(...parts);
  };
  for (const [tag, payload] of records) add(tag, payload);
  add('DONE', checksums.sha256());
  return pieces;
}

/** The records of a sound file, without the last one. */
export function recordsOf(file: Uint8Array): CraftedRecord[] {
  const records: CraftedRecord[] = [];
  const view = new DataView(file.buffer, file.byteOffset);
  for (let place = 16; place < file.length;) {
    const tag = String.fromCharCode(...file.subarray(place, place + 4));
    const length = view.getUint32(place + 4, true);
    if (tag !== 'DONE') records.push([tag, file.slice(place + 8, place + 8 + length)]);
    place += 8 + length + 4;
  }
  return records;
}
