/** MurmurHash3 (x86, 32 bits, seed 0; Austin Appleby, in the public domain) of an id as UTF-8. */

const encoder = new TextEncoder();

/** uint32. */
export function hashId(id: string): number {
  const bytes = encoder.encode(id);
  const words = bytes.length >>> 2;
  let hash = 0;
  for (let word = 0; word < words; word++) {
    hash ^= scramble(readWord(bytes, 4 * word));
    hash = Math.imul(rotate(hash, 13), 5) + 0xe6_54_6b_64;
  }
  // Of up to three bytes; those that are not there count as 0.
  hash ^= scramble(readWord(bytes, 4 * words));
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function readWord(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return a | (b << 8) | (c << 16) | (d << 24);
}

function scramble(word: number): number {
  return Math.imul(rotate(Math.imul(word, 0xcc_9e_2d_51), 15), 0x1b_87_35_93);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
