/**
 * How many letters have to be put in, left out, replaced, or swapped with their neighbour, to make one
 * word of another (optimal string alignment: no letter is edited twice); `most + 1` for more than
 * `most`. By UTF-16 units.
 */
export function editDistance(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  const width = right.length + 1;
  let [before, above, current] = [new Array<number>(width), indices(width), indices(width)];
  for (let row = 1; row <= left.length; row++) {
    current[0] = row;
    let least = row;
    for (let column = 1; column < width; column++) {
      const isSame = left[row - 1] === right[column - 1];
      let edits = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (isSame ? 0 : 1),
      );
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && isSwapped) edits = Math.min(edits, at(before, column - 2) + 1);
      current[column] = edits;
      least = Math.min(least, edits);
    }
    // Every later number comes from one of these two rows, and is no smaller.
    if (least > most && Math.min(...above) > most) return most + 1;
    [before, above, current] = [above, current, before];
  }
  return Math.min(at(above, right.length), most + 1);
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? 0;
}
