/** Packed files that are damaged are written anew, of their sound rows. */
import type { Bitset } from '../../core/bitset';
import type { NewFile, PackFiles } from '../pack-files';
import { Codebook } from '../packed/codebook';
import { packRows, type RowBlock } from '../packed/pack-rows';
import type { PackedFile } from '../packed/packed-file';
import { randomSeed, RowMean } from '../row-mean';
import type { StoredFile } from '../schema';
import type { SegmentFolder } from '../segment/segment-file';
import type { CheckedFile } from './checked-file';
import { soundItems, soundVectors } from './sound-rows';

/** Rows that are read at a time. */
const BLOCK_ROWS = 128;
/** Rows of a file that the mean is taken of, where no file has one any more. */
const SAMPLE_ROWS = 8192;

/** What becomes of a packed file. */
export interface FileRepair {
  readonly checked: CheckedFile;
  /** Its successor; itself where it stays, null where nothing is left of it. */
  readonly becomes: StoredFile | null;
}

export interface FileRepairs {
  readonly repairs: readonly FileRepair[];
  /** New files, to be released when a record names them, or nobody wants them. */
  readonly made: readonly NewFile[];
}

/** Rejects as writing a file does; nothing is left of it then. */
export async function rewriteDamaged(
  { packs, folder }: { readonly packs: PackFiles; readonly folder: SegmentFolder },
  files: readonly CheckedFile[],
  signal: AbortSignal,
): Promise<FileRepairs> {
  const codebook = files.find((each) => each.codebook !== null)?.codebook ?? null;
  const repairs: FileRepair[] = [];
  const made: NewFile[] = [];
  try {
    let own = codebook;
    for (const checked of files) {
      const { placed, file, live, lost } = checked;
      if (isWhole(checked, codebook)) {
        repairs.push({ checked, becomes: placed });
        continue;
      }
      const sound = live.difference(lost);
      const rows = sound.count();
      if (file === null || rows === 0) {
        repairs.push({ checked, becomes: null });
        continue;
      }
      own ??= new Codebook(await meanOf(file, sound), randomSeed());
      const reserved = await packs.reserve();
      made.push(reserved);
      const blocks = blocksOf(file, sound);
      await packRows(folder, reserved.name, { codebook: own, rows, blocks }, signal);
      repairs.push({ checked, becomes: { name: reserved.name, rows } });
    }
    return { repairs, made };
  } catch (thrown) {
    await discard(packs, made);
    throw thrown;
  }
}

/** Removes files that no record names. Never rejects. */
export async function discard(packs: PackFiles, made: readonly NewFile[]): Promise<void> {
  for (const { release } of made) release();
  await packs.remove(made);
}

function isWhole({ file, damage, codebook }: CheckedFile, common: Codebook | null): boolean {
  if (file === null || damage === null || codebook === null || common === null) return false;
  return damage.sections.length === 0 && codebook.equals(common);
}

async function* blocksOf(file: PackedFile, rows: Bitset): AsyncGenerator<RowBlock> {
  for (const block of inBlocks(rows)) {
    yield { vectors: await soundVectors(file, block), items: await soundItems(file, block) };
  }
}

async function meanOf(file: PackedFile, rows: Bitset): Promise<Float32Array<ArrayBuffer>> {
  const mean = new RowMean(file.dimension);
  let count = 0;
  for (const block of inBlocks(rows)) {
    mean.add(await soundVectors(file, block));
    count += block.length;
    if (count >= SAMPLE_ROWS) break;
  }
  return mean.value();
}

function* inBlocks(rows: Bitset): Generator<Uint32Array> {
  const all: number[] = [];
  rows.forEach((row) => all.push(row));
  for (let start = 0; start < all.length; start += BLOCK_ROWS) {
    yield Uint32Array.from(all.slice(start, start + BLOCK_ROWS));
  }
}
