/** The codes of a file, from the disk. */
import type { BinaryCodes } from '../../core/codes/binary-code';
import type { Crc32c } from '../segment/crc32c';
import { damaged } from '../segment/segment-format';
import type { PackedFile } from './packed-file';

/**
 * Hands all of them over in the order of their rows, some at a time, which are valid only until the next. Those
 * that came before it rejects may be damaged: with `storage`, or with the signal's reason.
 */
export async function loadCodes(
  file: PackedFile,
  crc: Crc32c,
  signal: AbortSignal,
  visit: (codes: BinaryCodes, count: number) => void,
): Promise<void> {
  const [offsets, factors] = [
    new Float32Array((await file.all('offsets', crc, signal)).buffer),
    new Float32Array((await file.all('factors', crc, signal)).buffer),
  ];
  if (![offsets, factors].every((column) => column.every(Number.isFinite))) {
    throw damaged('its codes have numbers that are not finite');
  }
  const section = file.section('bits');
  await file.reader.stream(
    section,
    crc,
    (bits, at) => {
      const [first, count] = [at / section.stride, bits.length / section.stride];
      const codes = {
        bits,
        offsets: offsets.subarray(first, first + count),
        factors: factors.subarray(first, first + count),
      };
      visit(codes, count);
    },
    signal,
  );
}
