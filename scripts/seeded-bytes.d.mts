/** For tests in TypeScript; see seeded-bytes.mjs. */
export function seededBytes(seed: number, start: number, end: number): Uint8Array<ArrayBuffer>;
