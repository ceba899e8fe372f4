/** Scores of a float query against binary codes: each bit is the sign of a dimension. */
import { place } from './rows';
import { touch } from './touch';

/** So many rows are on their way from memory at once. */
const GROUP = 8;

/**
 * query [128 · words] float32, zero where a code has padding → tables [16 · words, 256] float32: for
 * each byte of a code the sum of its eight numbers of the query, with the signs that its bits stand
 * for. So a row takes one addition for each of its bytes.
 */
export function signTables(words: i32, query: usize, tables: usize): void {
  for (let byte = 0; byte < words << 4; byte++) {
    let none: f32 = 0;
    for (let bit: usize = 0; bit < 8; bit++) none -= load<f32>(query + (bit << 2));
    store<f32>(tables, none);
    for (let code: usize = 1; code < 256; code++) {
      // One bit more than a code that is there already.
      const before = load<f32>(tables + ((code & (code - 1)) << 2));
      store<f32>(tables + (code << 2), before + 2 * load<f32>(query + (ctz(code) << 2)));
    }
    query += 32;
    tables += 1024;
  }
}

/**
 * Scores [to − from] float32 of the rows whose numbers are list[from] to list[to − 1] (uint32):
 * base + offsets[row] + factors[row] · Σ ±query. The row at `codes`, `offsets` and `factors` has the
 * number `first`.
 */
export function signScores(
  from: i32,
  to: i32,
  list: usize,
  first: i32,
  codes: usize,
  words: i32,
  offsets: usize,
  factors: usize,
  tables: usize,
  base: f32,
  scores: usize,
): void {
  const size = <usize>words << 4;
  for (let index = from; index < to; index++) {
    if ((index - from) % GROUP == 0) {
      for (let ahead = index; ahead < min(to, index + GROUP); ahead++) {
        const row = <usize>(place(list, ahead) - first);
        touch(codes + row * size, size);
        load<f32>(offsets + (row << 2));
        load<f32>(factors + (row << 2));
      }
    }
    const row = <usize>(place(list, index) - first);
    let at = codes + row * size;
    const end = at + size;
    let table = tables;
    let a: f32 = 0, b: f32 = 0, c: f32 = 0, d: f32 = 0;
    while (at < end) {
      const four = load<u32>(at);
      a += load<f32>(table + ((four & 255) << 2));
      b += load<f32>(table + (((four >> 8) & 255) << 2), 1024);
      c += load<f32>(table + (((four >> 16) & 255) << 2), 2048);
      d += load<f32>(table + ((four >> 24) << 2), 3072);
      at += 4;
      table += 4096;
    }
    const sum = a + b + (c + d);
    const corrected = load<f32>(factors + (row << 2)) * sum;
    store<f32>(scores, base + load<f32>(offsets + (row << 2)) + corrected);
    scores += 4;
  }
}
