/**
 * Softmax attention of one text (Vaswani et al. 2017, arXiv 1706.03762), two queries at a time: the
 * scores of two queries are all that is kept of the T × T there are.
 */
import { exp4 } from './exp';
import { madd, max4, sum4, sums } from './lanes';

/**
 * Heads `from` to `to` of qkv [tokens, 3 · width] float32, whose queries are already divided by √d.
 * The result takes the place of the queries. `scratch` has room for 2 · ⌈tokens/4⌉·4 · (depth + 1)
 * floats; depth is a multiple of 4, and best of 16.
 */
export function attention(
  from: i32,
  to: i32,
  qkv: usize,
  scratch: usize,
  tokens: i32,
  depth: i32,
  width: i32,
): void {
  const padded = (tokens + 3) & ~3;
  const size = <usize>depth << 2;
  const keys = scratch;
  const values = keys + <usize>padded * size;
  const scores = values + <usize>padded * size;
  const row = (<usize>width * 3) << 2;
  for (let head = from; head < to; head++) {
    const queries = qkv + <usize>head * size;
    // In one piece each: rows of qkv lie so far apart that they would evict each other.
    gather(keys, queries + (<usize>width << 2), tokens, padded, size, row);
    gather(values, queries + (<usize>width << 3), tokens, padded, size, row);
    for (let t = 0; t < tokens; t += 2) {
      const first = queries + <usize>t * row;
      // The last of an odd number is computed twice.
      const second = t + 1 < tokens ? first + row : first;
      attend(first, second, keys, values, scores, tokens, padded, size);
    }
  }
}

function gather(to: usize, from: usize, tokens: i32, padded: i32, size: usize, row: usize): void {
  for (let t = 0; t < tokens; t++) {
    memory.copy(to + <usize>t * size, from + <usize>t * row, size);
  }
  memory.fill(to + <usize>tokens * size, 0, <usize>(padded - tokens) * size);
}

function attend(
  first: usize,
  second: usize,
  keys: usize,
  values: usize,
  scores: usize,
  tokens: i32,
  padded: i32,
  size: usize,
): void {
  const others = scores + (<usize>padded << 2);
  for (let t = 0; t < padded; t += 4) {
    const key = keys + <usize>t * size;
    let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    let b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    for (let k: usize = 0; k < size; k += 16) {
      const x = v128.load(first + k);
      const y = v128.load(second + k);
      const k0 = v128.load(key + k);
      a0 = madd(x, k0, a0);
      b0 = madd(y, k0, b0);
      const k1 = v128.load(key + size + k);
      a1 = madd(x, k1, a1);
      b1 = madd(y, k1, b1);
      const k2 = v128.load(key + 2 * size + k);
      a2 = madd(x, k2, a2);
      b2 = madd(y, k2, b2);
      const k3 = v128.load(key + 3 * size + k);
      a3 = madd(x, k3, a3);
      b3 = madd(y, k3, b3);
    }
    v128.store(scores + (<usize>t << 2), sums<f32>(a0, a1, a2, a3));
    v128.store(others + (<usize>t << 2), sums<f32>(b0, b1, b2, b3));
  }
  const one = <f32>1 / softmax(scores, tokens, padded);
  const two = <f32>1 / softmax(others, tokens, padded);
  let k: usize = 0;
  for (; k + 64 <= size; k += 64) {
    let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    let b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    let value = values + k;
    for (let t = 0; t < tokens; t++) {
      const p = v128.load32_splat(scores + (<usize>t << 2));
      const q = v128.load32_splat(others + (<usize>t << 2));
      const v0 = v128.load(value);
      a0 = madd(p, v0, a0);
      b0 = madd(q, v0, b0);
      const v1 = v128.load(value, 16);
      a1 = madd(p, v1, a1);
      b1 = madd(q, v1, b1);
      const v2 = v128.load(value, 32);
      a2 = madd(p, v2, a2);
      b2 = madd(q, v2, b2);
      const v3 = v128.load(value, 48);
      a3 = madd(p, v3, a3);
      b3 = madd(q, v3, b3);
      value += size;
    }
    write(first + k, a0, a1, a2, a3, f32x4.splat(one));
    write(second + k, b0, b1, b2, b3, f32x4.splat(two));
  }
  for (; k < size; k += 16) {
    let a = f32x4.splat(0);
    let b = a;
    let value = values + k;
    for (let t = 0; t < tokens; t++) {
      const v = v128.load(value);
      a = madd(v128.load32_splat(scores + (<usize>t << 2)), v, a);
      b = madd(v128.load32_splat(others + (<usize>t << 2)), v, b);
      value += size;
    }
    v128.store(first + k, f32x4.mul(a, f32x4.splat(one)));
    v128.store(second + k, f32x4.mul(b, f32x4.splat(two)));
  }
}

@inline
function write(to: usize, a: v128, b: v128, c: v128, d: v128, factor: v128): void {
  v128.store(to, f32x4.mul(a, factor));
  v128.store(to, f32x4.mul(b, factor), 16);
  v128.store(to, f32x4.mul(c, factor), 32);
  v128.store(to, f32x4.mul(d, factor), 48);
}

/** e^(score − largest) in the scores' place; gives their sum. */
function softmax(scores: usize, tokens: i32, padded: i32): f32 {
  for (let t = tokens; t < padded; t++) store<f32>(scores + (<usize>t << 2), -Infinity);
  const size = <usize>padded << 2;
  let most = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < size; at += 16) most = f32x4.max(most, v128.load(scores + at));
  const largest = f32x4.splat(max4(most));
  let total = f32x4.splat(0);
  for (let at: usize = 0; at < size; at += 16) {
    const e = exp4(f32x4.sub(v128.load(scores + at), largest));
    v128.store(scores + at, e);
    total = f32x4.add(total, e);
  }
  return sum4(total);
}
