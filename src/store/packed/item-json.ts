/** Items as packed files keep them: JSON in UTF-8. */
import type { ItemRecord } from '../../protocol/store-contract';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** No bytes for a dead row. */
export function encodeItem(item: ItemRecord | null): Uint8Array<ArrayBuffer> {
  if (item === null) return new Uint8Array();
  const { id, meta, fields, rough } = item;
  // Lone surrogates, which UTF-8 has not, are escaped in JSON.
  return encoder.encode(JSON.stringify({ id, meta, fields, ...(rough === true && { rough }) }));
}

/** Null for what is no item. */
export function parseItem(bytes: Uint8Array): ItemRecord | null {
  try {
    const item: unknown = JSON.parse(decoder.decode(bytes));
    return isItem(item) ? item : null;
  } catch {
    return null;
  }
}

export function isItem(value: unknown): value is ItemRecord {
  if (!isObject(value)) return false;
  const { id, meta, fields, rough } = value;
  return (
    typeof id === 'string' &&
    isObject(meta) &&
    isObject(fields) &&
    (rough === undefined || rough === true)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
