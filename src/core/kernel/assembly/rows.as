/** Row numbers: those that lead the ranks. */

/**
 * Of rows `from` (a multiple of 8) to `to`: the numbers of those whose rank, uint16, is less than
 * `cut`, and of the first `ties` whose rank is `cut` → rows, ascending uint32; returns how many.
 * `ranks` can be read up to a multiple of 8 rows. Row 0 has the number `first`.
 */
export function leading(
  from: i32,
  to: i32,
  ranks: usize,
  cut: i32,
  ties: i32,
  first: i32,
  rows: usize,
): i32 {
  const begin = rows;
  const cut8 = i16x8.splat(<i16>cut);
  for (let block = from; block < to; block += 8) {
    const at = ranks + (<usize>block << 1);
    let left = i16x8.bitmask(i16x8.le_u(v128.load(at), cut8));
    if (to - block < 8) left &= (1 << (to - block)) - 1;
    while (left != 0) {
      const index = ctz(left);
      left &= left - 1;
      if (<i32>load<u16>(at + (<usize>index << 1)) == cut) {
        if (ties == 0) continue;
        ties--;
      }
      store<u32>(rows, first + block + index);
      rows += 4;
    }
  }
  return <i32>((rows - begin) >> 2);
}

/** The number of the row at that place of the list. */
@inline
export function place(list: usize, index: i32): i32 {
  return load<i32>(list + (<usize>index << 2));
}
