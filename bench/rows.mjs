/** Vectors on their way from the page to Node. */

/** @typedef {import('./metrics.mjs').Rows} Rows */

/** @param {string} base64 of little-endian float32 @param {number} dim @returns {Rows} */
export function decodeRows(base64, dim) {
  const bytes = Buffer.from(base64, 'base64');
  const data = new Float32Array(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  Buffer.from(data.buffer).set(bytes);
  return { data, count: data.length / dim, dim };
}

/** @param {Rows} rows @param {number} index */
export function rowAt({ data, count, dim }, index) {
  if (index >= count) throw new Error(`There are ${String(count)} rows, none at ${String(index)}.`);
  return data.subarray(index * dim, (index + 1) * dim);
}

/** @param {readonly Rows[]} parts @param {number} dim @returns {Rows} */
export function joinRows(parts, dim) {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const data = new Float32Array(count * dim);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, count, dim };
}
