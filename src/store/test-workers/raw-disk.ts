/** What lies on the disk, as bytes: past the store, as somebody who has the disk would look. */
import { openDB } from 'idb';

/** A value or file, where it lies, and all of its bytes. */
export interface RawValue {
  readonly where: string;
  readonly bytes: Uint8Array;
}

/** All keys and values of the database, and all files. Text is in UTF-8. */
export async function rawDisk(): Promise<RawValue[]> {
  return [
    ...(await databaseValues()),
    ...(await fileValues(await navigator.storage.getDirectory())),
  ];
}

/** Where any of the patterns lies, by the names of these; empty where none does. */
export async function findOnDisk(
  patterns: Readonly<Record<string, Uint8Array>>,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { where, bytes } of await rawDisk()) {
    for (const [name, pattern] of Object.entries(patterns)) {
      if (includes(bytes, pattern)) (found[name] ??= []).push(where);
    }
  }
  return found;
}

/** The bytes of a text, or of numbers. */
export function bytesOf(value: string | Float32Array | Uint16Array): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

async function databaseValues(): Promise<RawValue[]> {
  const database = await openDB('photoglot-store');
  try {
    const values: RawValue[] = [];
    for (const store of database.objectStoreNames) {
      for (const key of await database.getAllKeys(store)) {
        const where = `${store} ${JSON.stringify(key)}`;
        const parts = [key, (await database.get(store, key)) as unknown];
        values.push({ where, bytes: joined(await Promise.all(parts.map(flat))) });
      }
    }
    return values;
  } finally {
    database.close();
  }
}

async function fileValues(folder: FileSystemDirectoryHandle): Promise<RawValue[]> {
  const values: RawValue[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === 'directory') {
      values.push(...(await fileValues(handle)));
      continue;
    }
    const file = await handle.getFile();
    const bytes = joined([bytesOf(name), new Uint8Array(await file.arrayBuffer())]);
    values.push({ where: `file ${name}`, bytes });
  }
  return values;
}

/** All bytes of a structured clone. */
async function flat(value: unknown): Promise<Uint8Array> {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof Blob) {
    const name = value instanceof File ? value.name : '';
    return joined([bytesOf(`${name} ${value.type}`), new Uint8Array(await value.arrayBuffer())]);
  }
  if (typeof value !== 'object' || value === null) return bytesOf(String(value));
  const parts = Object.entries(value).map(async ([key, inner]) =>
    joined([bytesOf(key), await flat(inner)]),
  );
  return joined(await Promise.all(parts));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function includes(bytes: Uint8Array, pattern: Uint8Array): boolean {
  const [first = 0] = pattern;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (pattern.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}
