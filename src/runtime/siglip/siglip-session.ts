/** SigLIP 2's image tower on the own encoder, with its projector, in the place of an ONNX session. */
import { PhotoglotError } from '../../errors';
import type { ImageTower } from '../../models/manifest';
import { fastestKernel } from '../kernels/fastest-kernel';
import { createKernel, type KernelName } from '../kernels/kernel';
import type { KernelThreads } from '../kernels/kernel-threads';
import { BASE, createMemory } from '../kernels/memory';
import { openTensors } from '../kernels/safetensors';
import { threadPool } from '../kernels/thread-pool';
import type { ModelSession, RunOptions } from '../model-session';
import { unlessAborted } from '../session-error';
import type { TensorInput, TensorOutput } from '../tower-session';
import { SiglipEncoder, type PatchGrid, type SiglipParts } from './siglip-encoder';
import { activationsFor } from './siglip-memory';
import { projectorShape, siglipShape } from './siglip-shape';
import { loadProjector, loadSiglip, weightsSize } from './siglip-weights';

interface NamedFile {
  readonly path: string;
  readonly blob: Blob;
}

export interface SiglipSessionOptions {
  readonly model: NamedFile;
  /** Null where the tower's own vectors are in the shared space. */
  readonly projector: NamedFile | null;
  /** Names of inputs and outputs. */
  readonly tower: Pick<ImageTower, 'inputs' | 'output'>;
  readonly signal: AbortSignal;
  /** More than one only where the page is cross-origin isolated. */
  readonly threads: number;
  /** @default the fastest that runs here */
  readonly kernel?: KernelName;
  /** What may hold the threads back; see `give-way.ts`. @default nothing */
  readonly held?: (threads: KernelThreads) => KernelThreads;
}

/** Patches that run together at most: more gain nothing, and take memory. */
const TOGETHER = 1024;
/** Addresses are kept for a picture of so many patches. */
const MOST_PATCHES = 8192;
/** Bytes for what is needed while the weights are brought, and for what is rounded up. */
const SPARE = 2 ** 20;

export class SiglipSession implements ModelSession {
  readonly #encoder: SiglipEncoder;
  readonly #parts: SiglipParts;
  readonly #tower: SiglipSessionOptions['tower'];

  private constructor(parts: SiglipParts, tower: SiglipSessionOptions['tower']) {
    this.#encoder = new SiglipEncoder(parts);
    this.#parts = parts;
    this.#tower = tower;
  }

  /**
   * Throws `session-failed` for files that do not fit, `out-of-memory`, and `storage` when the browser
   * has lost a file's content.
   */
  static async create(options: SiglipSessionOptions): Promise<SiglipSession> {
    try {
      return await SiglipSession.#create(options);
    } catch (thrown) {
      throw unlessAborted('The image tower could not be loaded.', thrown, options.signal);
    }
  }

  static async #create(options: SiglipSessionOptions): Promise<SiglipSession> {
    const { tower, signal, held } = options;
    const file = await openTensors(options.model.blob, options.model.path);
    const shape = siglipShape(file);
    const behind =
      options.projector === null
        ? null
        : await openTensors(options.projector.blob, options.projector.path);
    const behindShape = behind === null ? null : projectorShape(behind, shape);
    const size = BASE + weightsSize(file) + (behind === null ? 0 : weightsSize(behind)) + SPARE;
    const sizes = { shape, projector: behindShape, threads: options.threads };
    const largest = { pictures: 1, patches: MOST_PATCHES, longest: MOST_PATCHES };
    const most = activationsFor(sizes, size, largest).end;
    const memory = createMemory(size, most, options.threads > 1);
    const name = options.kernel ?? (await fastestKernel());
    const kernel = await createKernel(name, memory);
    const context = { memory, kernel, signal };
    const weights = await loadSiglip(file, shape, context, BASE);
    const projector =
      behind === null || behindShape === null
        ? null
        : {
            shape: behindShape,
            weights: await loadProjector(behind, behindShape, context, weights.end),
          };
    const pool = await threadPool(kernel, name, memory, options.threads);
    const parts = { shape, weights, projector, memory, threads: held?.(pool) ?? pool };
    return new SiglipSession(parts, tower);
  }

  get threads(): number {
    return this.#parts.threads.count;
  }

  /**
   * As an ONNX session of the same tower; with a projector its vectors come instead of the tower's.
   * Rejects with the signal's reason between two layers.
   */
  async run<const Names extends readonly string[]>(
    inputs: Readonly<Record<string, TensorInput>>,
    outputs: Names,
    { signal }: RunOptions,
  ): Promise<{ readonly [Index in keyof Names]: TensorOutput }> {
    const grids = gridsOf(inputs, this.#tower, this.#parts.shape.values);
    const other = outputs.find((name) => name !== this.#tower.output);
    if (other !== undefined) throw missing(other);
    const rows: Float32Array[] = [];
    for (const some of together(grids)) {
      rows.push(
        await this.#encoder.run(some, signal).catch((thrown: unknown) => {
          throw unlessAborted('The image tower failed to run.', thrown, signal);
        }),
      );
    }
    const { projector, shape } = this.#parts;
    const dim = projector?.shape.outputs ?? shape.width;
    const data = new Float32Array(grids.length * dim);
    let at = 0;
    for (const row of rows) {
      data.set(row, at);
      at += row.length;
    }
    return outputs.map((): TensorOutput => ({ data, dims: [grids.length, dim] })) as {
      readonly [Index in keyof Names]: TensorOutput;
    };
  }

  /** The memory goes with the last reference, or with the worker. */
  release(): Promise<void> {
    this.#parts.threads.release();
    return Promise.resolve();
  }
}

/** The patches of each picture, without padding. */
function gridsOf(
  feeds: Readonly<Record<string, TensorInput>>,
  { inputs }: SiglipSessionOptions['tower'],
  expected: number,
): readonly PatchGrid[] {
  const pixels = feeds[inputs.pixels];
  const shapes = feeds[inputs.shapes ?? ''];
  if (pixels?.type !== 'float32' || shapes?.type !== 'int64') throw missing('inputs');
  const [count = 0, patches = 0, values = 0] = pixels.dims;
  return Array.from({ length: count }, (_, picture) => {
    const [rows, columns] = [0, 1].map((axis) => Number(shapes.data[2 * picture + axis])) as [
      number,
      number,
    ];
    if (values !== expected || rows * columns > patches) {
      const got = `${String(rows)} × ${String(columns)} patches of ${String(values)} numbers in ${String(patches)}`;
      throw new PhotoglotError(
        'session-failed',
        `The image tower takes patches of ${String(expected)} numbers; got ${got}.`,
      );
    }
    const start = picture * patches * values;
    return {
      rows,
      columns,
      pixels: pixels.data.subarray(start, start + rows * columns * values),
    };
  });
}

/** At least one picture at a time. */
function* together(grids: readonly PatchGrid[]): Iterable<readonly PatchGrid[]> {
  let some: PatchGrid[] = [];
  let patches = 0;
  for (const grid of grids) {
    const own = grid.rows * grid.columns;
    if (some.length > 0 && patches + own > TOGETHER) {
      yield some;
      [some, patches] = [[], 0];
    }
    some.push(grid);
    patches += own;
  }
  if (some.length > 0) yield some;
}

function missing(name: string): PhotoglotError {
  return new PhotoglotError('session-failed', `The image tower has no "${name}".`);
}
