/** The codes of a file, from the disk. */
import type { BinaryCodes } from '../../core/codes/binary-code';
import type { Crc32c } from '../segment/crc32c';
import { damaged } from '../segment/segment-format';
import type { PackedFile } from './packed-file';

/**
 * All of them, checked. Rejects with `storage`, or with the signal's reason.
 * @param scratch is where the bits go if it is large enough: a file's are megabytes
 */
export async function loadCodes(
  file: PackedFile,
  crc: Crc32c,
  signal: AbortSignal,
  scratch: Uint8Array<ArrayBuffer>,
): Promise<BinaryCodes & { readonly bits: Uint8Array<ArrayBuffer> }> {
  const { bytes } = file.section('bits');
  const room = scratch.length < bytes ? new Uint8Array(bytes) : scratch.subarray(0, bytes);
  const bits = await file.all('bits', crc, signal, room);
  const [offsets, factors] = [
    new Float32Array((await file.all('offsets', crc, signal)).buffer),
    new Float32Array((await file.all('factors', crc, signal)).buffer),
  ];
  if (![offsets, factors].every((column) => column.every(Number.isFinite))) {
    throw damaged('its codes have numbers that are not finite');
  }
  return { bits, offsets, factors };
}
