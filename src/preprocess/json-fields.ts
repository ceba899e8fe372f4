/** Narrowing of parsed JSON whose shape is somebody else's; what does not fit throws an Error. */

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** `value` as an object. */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what} is no object.`);
  return value as Fields;
}

/** `value` as a list; nothing is an empty one. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${what} is no list.`);
  return value;
}

/** `value` as a string. */
export function stringOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Error(`${what} is no string.`);
  return value;
}

/** `value` as an id: an integer of at least 0. */
export function idOf(value: unknown, what: string): number {
  if (!Number.isInteger(value) || (value as number) < 0) throw new Error(`${what} is no id.`);
  return value as number;
}
