/** Makes a packed segment of vectors, block by block. */
import { codeBytes } from '../../core/codes/binary-code';
import { encodeFloat16 } from '../../core/codes/float16';
import { Crc32c } from '../segment/crc32c';
import { SECTIONS } from '../segment/segment-format';
import type { SegmentFolder } from '../segment/segment-file';
import { SegmentWriter, type NewSegment } from '../segment/segment-writer';
import { Codebook } from './codebook';

/** Vectors to be packed. */
export interface RowsToPack {
  readonly codebook: Codebook;
  readonly rows: number;
  /** All rows in order, float32, in blocks of any number of them. */
  readonly blocks: AsyncIterable<Float32Array>;
}

/**
 * Writes the segment; the disk has it when this resolves. Nothing of it stays when it rejects: with
 * `quota-exceeded` or `storage`, with what `blocks` throws, or with the signal's reason.
 */
export async function packRows(
  folder: SegmentFolder,
  name: string,
  { codebook, rows, blocks }: RowsToPack,
  signal: AbortSignal,
): Promise<void> {
  const segment = shapeOf(codebook.mean.length, rows);
  const [crc, ...crcs] = await Promise.all([null, ...segment.sections].map(() => Crc32c.create()));
  if (crc === undefined) return;
  const file = await folder.create(name);
  try {
    const writer = new SegmentWriter(file, segment, crcs);
    writer.append(SECTIONS.codebook, codebook.encode());
    for await (const block of blocks) {
      signal.throwIfAborted();
      appendBlock(writer, codebook, block);
    }
    writer.finish(crc);
    file.close();
  } catch (thrown) {
    file.close();
    // What cannot be removed now is no segment, and found to belong to nobody later.
    await folder.remove(name).catch(() => undefined);
    throw thrown;
  }
}

function shapeOf(dimension: number, rows: number): NewSegment {
  return {
    rows,
    dimension,
    sections: [
      { kind: SECTIONS.codebook, stride: 0, bytes: Codebook.bytesFor(dimension) },
      { kind: SECTIONS.bits, stride: codeBytes(dimension) },
      { kind: SECTIONS.offsets, stride: Float32Array.BYTES_PER_ELEMENT },
      { kind: SECTIONS.factors, stride: Float32Array.BYTES_PER_ELEMENT },
      { kind: SECTIONS.float16, stride: dimension * Uint16Array.BYTES_PER_ELEMENT },
    ],
  };
}

function appendBlock(writer: SegmentWriter, { coder, mean }: Codebook, block: Float32Array): void {
  const dimension = mean.length;
  const count = block.length / dimension;
  const codes = {
    bits: new Uint8Array(count * codeBytes(dimension)),
    offsets: new Float32Array(count),
    factors: new Float32Array(count),
  };
  for (let row = 0; row < count; row++) {
    coder.encodeRow(block.subarray(row * dimension, (row + 1) * dimension), codes, row);
  }
  writer.append(SECTIONS.bits, codes.bits);
  writer.append(SECTIONS.offsets, new Uint8Array(codes.offsets.buffer));
  writer.append(SECTIONS.factors, new Uint8Array(codes.factors.buffer));
  writer.append(SECTIONS.float16, new Uint8Array(encodeFloat16(block).buffer));
}
