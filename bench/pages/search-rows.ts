/** The rows and queries of the search bench, made on the fly: the same for the same numbers. */
import { noiseVectors, SpectrumVectors } from '../spectrum-vectors';

export interface RowSet {
  readonly rows: number;
  readonly dimension: number;
  /** Directions all alike, in place of the spectrum of real vectors. */
  readonly noise: boolean;
}

export type Vectors = Float32Array<ArrayBuffer>;

/** Rows that are made at a time; another number would make others. */
export const BLOCK_ROWS = 256;
/** Meta of a row is one of so many numbers, each as often as any other. */
const PERCENTS = 100;
/** Far from the blocks of rows, whose noise is drawn by the same seeds. */
const QUERY_SEED = 1_000_003;
const WARM_UP_SEED = 1_000_033;
const ADDED_SEED = 1_000_081;

/** Blocks of rows one behind the other, in their order. */
export function* rowBlocks({ rows, ...kind }: RowSet): Generator<Vectors> {
  const draw = rowSource(kind);
  for (let block = 0; block * BLOCK_ROWS < rows; block++) {
    yield draw(block, Math.min(BLOCK_ROWS, rows - block * BLOCK_ROWS));
  }
}

/** Each vector by itself. */
export function queryVectors(kind: Omit<RowSet, 'rows'>, count: number): Vectors[] {
  return split(querySource(kind)(QUERY_SEED, count), kind.dimension);
}

/** Others, to warm up with. */
export function warmUpVectors(kind: Omit<RowSet, 'rows'>, count: number): Vectors[] {
  return split(querySource(kind)(WARM_UP_SEED, count), kind.dimension);
}

/** Rows that are not among the others. */
export function addedVectors(kind: Omit<RowSet, 'rows'>, count: number): Vectors[] {
  return split(rowSource(kind)(ADDED_SEED, count), kind.dimension);
}

export function split(vectors: Vectors, dimension: number): Vectors[] {
  return Array.from({ length: vectors.length / dimension }, (_, index) =>
    vectors.slice(index * dimension, (index + 1) * dimension),
  );
}

/** A number from 0 to 99 that goes with the row, in no order that a disk or a cache could use. */
export function percentOf(row: number): number {
  return (Math.imul(row + 1, 0x9e3779b1) >>> 8) % PERCENTS;
}

type Source = (block: number, count: number) => Vectors;

function rowSource({ dimension, noise }: Omit<RowSet, 'rows'>): Source {
  if (noise) return (block, count) => noiseVectors(dimension, block, count);
  const vectors = new SpectrumVectors(dimension);
  return (block, count) => vectors.rows(block, count);
}

function querySource({ dimension, noise }: Omit<RowSet, 'rows'>): Source {
  if (noise) return (block, count) => noiseVectors(dimension, block, count);
  const vectors = new SpectrumVectors(dimension);
  return (block, count) => vectors.queries(block, count);
}
