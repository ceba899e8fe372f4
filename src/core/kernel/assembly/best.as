/**
 * The best of scored rows, in a heap whose root is the worst of them. In memory: count int32, limit
 * int32, then `limit` entries of score float32 and row uint32. A row is better by its score, or at
 * the same score by its lower number.
 */
import { place } from './rows';

const ENTRIES: usize = 8;

/**
 * Offers `count` rows with their scores [count] float32, whose numbers are in `list` (uint32), to the
 * heap at `best`. NaN never enters.
 */
export function offer(count: i32, scores: usize, list: usize, best: usize): void {
  let bar = barOf(best);
  let bar4 = f32x4.splat(bar);
  let index = 0;
  for (; index + 4 <= count; index += 4) {
    const four = v128.load(scores + (<usize>index << 2));
    // Scores below the bar are nearly all; NaN is not at least anything.
    let left = i32x4.bitmask(f32x4.ge(four, bar4));
    if (left == 0) continue;
    while (left != 0) {
      enter(index + ctz(left), scores, list, best);
      left &= left - 1;
    }
    bar = barOf(best);
    bar4 = f32x4.splat(bar);
  }
  for (; index < count; index++) enter(index, scores, list, best);
}

/** What a score must reach; the heap decides between equals. */
@inline
function barOf(best: usize): f32 {
  return load<i32>(best) < load<i32>(best, 4) ? -Infinity : load<f32>(best, ENTRIES);
}

function enter(index: i32, scores: usize, list: usize, best: usize): void {
  const score = load<f32>(scores + (<usize>index << 2));
  if (score != score) return;
  const row: u32 = place(list, index);
  const count = load<i32>(best);
  if (count < load<i32>(best, 4)) {
    store<i32>(best, count + 1);
    rise(best + ENTRIES, count, score, row);
  } else if (isWorse(best + ENTRIES, score, row)) {
    sink(best + ENTRIES, count, score, row);
  }
}

/** Moves parents down from the free place until the entry fits, and puts it there. */
function rise(entries: usize, index: i32, score: f32, row: u32): void {
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = entries + (<usize>parent << 3);
    if (isWorse(above, score, row)) break;
    store<u64>(entries + (<usize>index << 3), load<u64>(above));
    index = parent;
  }
  put(entries + (<usize>index << 3), score, row);
}

/** Replaces the root: moves the worse child up until the entry fits, and puts it there. */
function sink(entries: usize, count: i32, score: f32, row: u32): void {
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= count) break;
    let below = entries + (<usize>child << 3);
    if (child + 1 < count && isWorse(below + 8, load<f32>(below), load<u32>(below, 4))) {
      child++;
      below += 8;
    }
    if (!isWorse(below, score, row)) break;
    store<u64>(entries + (<usize>index << 3), load<u64>(below));
    index = child;
  }
  put(entries + (<usize>index << 3), score, row);
}

@inline
function put(entry: usize, score: f32, row: u32): void {
  store<f32>(entry, score);
  store<u32>(entry, row, 4);
}

/** Whether the entry is worse than that score and row. */
@inline
function isWorse(entry: usize, score: f32, row: u32): bool {
  const other = load<f32>(entry);
  return other < score || (other == score && load<u32>(entry, 4) > row);
}
