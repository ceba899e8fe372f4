/** Files with faults: what disks, networks and people do to them, from a seed. */
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';

type Bytes = Uint8Array<ArrayBuffer>;

/** Integers 0 … `below − 1`. */
type Pick = (below: number) => number;

const FAULTS: readonly ((file: Bytes, pick: Pick) => Bytes)[] = [
  // Some bits.
  (file, pick) => {
    const changed = file.slice();
    for (let count = pick(8) + 1; count > 0; count--) {
      const place = pick(file.length);
      changed[place] = (changed[place] ?? 0) ^ (1 << pick(8));
    }
    return changed;
  },
  // Some bytes, of the kind that lengths are made of.
  (file, pick) => {
    const changed = file.slice();
    const place = pick(file.length);
    changed.fill([0, 1, 0x7f, 0x80, 0xff][pick(5)] ?? 0, place, place + pick(8) + 1);
    return changed;
  },
  // Cut off.
  (file, pick) => file.slice(0, pick(file.length)),
  // A piece is missing.
  (file, pick) => {
    const [start, length] = [pick(file.length), pick(200) + 1];
    return joinedBytes([file.subarray(0, start), file.subarray(start + length)]);
  },
  // A piece is there twice.
  (file, pick) => {
    const [start, length] = [pick(file.length), pick(400) + 1];
    const end = start + length;
    return joinedBytes([file.subarray(0, end), file.subarray(start)]);
  },
  // Two pieces changed places.
  (file, pick) => {
    const places = [pick(file.length), pick(file.length), pick(file.length)];
    const [first = 0, second = 0, third = 0] = places.sort((left, right) => left - right);
    return joinedBytes([
      file.subarray(0, first),
      file.subarray(second, third),
      file.subarray(first, second),
      file.subarray(third),
    ]);
  },
  // The start of one, the end of another.
  (file, pick) =>
    joinedBytes([file.subarray(0, pick(file.length)), file.subarray(pick(file.length))]),
  // Something behind it.
  (file, pick) => joinedBytes([file, file.subarray(0, pick(300) + 1)]),
];

/** `count` faulty copies of the file. Some may be the file itself, by chance. */
export function* faultyCopies(file: Bytes, count: number, seed: number): Generator<Bytes, void> {
  const next = randomNumbers(seed);
  const pick: Pick = (below) => Math.min(below - 1, Math.floor(((next() + 1) / 2) * below));
  for (let index = 0; index < count; index++) {
    let copy = file;
    for (let faults = pick(2) + 1; faults > 0; faults--) {
      // Nothing can be changed of nothing.
      if (copy.length > 0) copy = FAULTS[pick(FAULTS.length)]?.(copy, pick) ?? copy;
    }
    yield copy;
  }
}

function joinedBytes(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    whole.set(part, filled);
    filled += part.length;
  }
  return whole;
}
