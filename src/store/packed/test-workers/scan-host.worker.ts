import type { BinaryCodes, BinaryQuery } from '../../../core/codes/binary-code';
import { BinaryTable } from '../../../core/kernel/binary-table';
import { pickCodeKernel } from '../../../core/kernel/pick-code-kernel';
import { randomNumbers } from '../../../core/kernel/test-workers/random-numbers';
import { nextTask } from '../../../core/next-task';
import { exposeContract } from '../../../protocol/expose';
import { packedKernel } from '../packed-kernel';
import { ScanHelpers } from '../scan-helpers';
import { spawnScanWorker } from '../spawn-scan-worker';
import type { HelperKind, ScanContract } from './scan-contract';

/** Long codes fill many chunks with few rows, 2,048 each. */
const [BITS, BYTES, CHUNK] = [8192, 1024, 2048] as const;

const SPAWN: Readonly<Record<HelperKind, () => Worker>> = {
  own: spawnScanWorker,
  stuck: () => new Worker(new URL('./stuck-scan.worker.ts', import.meta.url), { type: 'module' }),
  broken: () => new Worker(new URL('./broken-scan.worker.ts', import.meta.url), { type: 'module' }),
};

interface Tables {
  readonly helpers: ScanHelpers;
  readonly shared: BinaryTable;
  readonly alone: BinaryTable;
  /** Chunks that the calling thread ranked for `shared`. */
  ranked: number;
}

let tables: Tables | null = null;
const next = randomNumbers(1);

function current(): Tables {
  if (tables === null) throw new Error('Nothing is open.');
  return tables;
}

function codesOf(count: number): BinaryCodes {
  return {
    bits: Uint8Array.from({ length: count * BYTES }, () => 256 * next()),
    offsets: Float32Array.from({ length: count }, next),
    factors: Float32Array.from({ length: count }, next),
  };
}

function randomQuery(): BinaryQuery {
  const bits = Uint8Array.from({ length: BYTES }, () => 256 * next());
  return { bits, weights: new Float32Array(BITS), base: 0, step: 1 / 1024 };
}

exposeContract<ScanContract>({
  open({ helpers: count, kind }) {
    tables?.helpers.end();
    const kernel = packedKernel();
    const watched: typeof kernel = {
      ...kernel,
      roughRanks: (...args) => {
        current().ranked++;
        kernel.roughRanks(...args);
      },
    };
    const options = { count, leastBytes: 0, spawn: SPAWN[kind], patienceMs: 2000 };
    const helpers = ScanHelpers.on(watched, options);
    if (helpers === null) throw new Error('There is nobody to help.');
    tables = {
      helpers,
      shared: new BinaryTable(watched, BITS, helpers),
      alone: new BinaryTable(pickCodeKernel(), BITS),
      ranked: 0,
    };
    return Promise.resolve(null);
  },

  grow({ rows }) {
    const codes = codesOf(rows);
    const { helpers, shared, alone } = current();
    shared.append(codes, rows);
    alone.append(codes, rows);
    helpers.startFor(shared.count * BYTES);
    return Promise.resolve(null);
  },

  async search({ queries }) {
    const { helpers, shared, alone } = current();
    current().ranked = 0;
    let wrong = 0;
    for (let asked = 0; asked < queries; asked++) {
      const query = randomQuery();
      const found = shared.candidates(query, 500, null);
      const right = alone.candidates(query, 500, null);
      if (found.length !== right.length || found.some((row, at) => row !== right[at])) wrong++;
      // Workers start, and errors arrive, between tasks.
      await nextTask();
    }
    const chunks = queries * Math.ceil(shared.count / CHUNK);
    return { wrong, helped: chunks - current().ranked, size: helpers.size };
  },

  end() {
    current().helpers.end();
    return Promise.resolve(null);
  },
});
