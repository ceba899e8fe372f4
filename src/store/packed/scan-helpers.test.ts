import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { BinaryCodes, BinaryQuery } from '../../core/codes/binary-code';
import { BinaryTable } from '../../core/kernel/binary-table';
import type { CodeKernel } from '../../core/kernel/code-kernel';
import { rankChunk, type FirstPass } from '../../core/kernel/first-pass';
import { createWasmMemory } from '../../core/kernel/kernel-memory';
import { PassBoard } from '../../core/kernel/pass-board';
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { createWasmCodeKernel } from '../../core/kernel/wasm-code-kernel';
import { endOwnWorkers } from '../../protocol/own-workers';
import type { ScanHelperStart } from './scan-helper';
import { ScanHelpers, type ScanHelpersOptions } from './scan-helpers';

/** The longest codes, as then a few thousand rows fill several chunks, of 512 rows. */
const [BITS, BYTES, ROWS] = [65_408, 8176, 2600] as const;

/** Some rows have the same code, offset and factor, so that ranks are tied across chunks. */
function rowsOf(count: number): BinaryCodes {
  const next = randomNumbers(3);
  const piece = Uint8Array.from({ length: 7 * BYTES }, () => 256 * next());
  const bits = new Uint8Array(count * BYTES);
  for (let at = 0; at < bits.length; at += piece.length) {
    bits.set(piece.subarray(0, bits.length - at), at);
  }
  const column = () => Float32Array.from({ length: count }, (_, row) => ((row % 5) + 1) / 8);
  return { bits, offsets: column(), factors: column() };
}

function queryOf(seed: number): BinaryQuery {
  const next = randomNumbers(seed);
  return {
    bits: Uint8Array.from({ length: BYTES }, () => 256 * next()),
    weights: new Float32Array(BITS),
    base: 0,
    step: 1 / 4096,
  };
}

function sharedKernel(): CodeKernel {
  const kernel = createWasmCodeKernel(createWasmMemory(true));
  if (kernel === null) throw new Error('There is no WASM SIMD here.');
  return kernel;
}

/**
 * A table of which `options` say the helpers; these run in this thread. `before` is called before each
 * chunk that the table ranks itself.
 */
function tableWith(options: ScanHelpersOptions, before: () => void) {
  const kernel = sharedKernel();
  const watched: CodeKernel = {
    ...kernel,
    roughRanks: (...args) => {
      before();
      kernel.roughRanks(...args);
    },
  };
  const helpers = ScanHelpers.on(watched, { count: 2, patienceMs: 0, ...options });
  if (helpers === null) throw new Error('There is nobody to help.');
  const table = new BinaryTable(watched, BITS, helpers);
  const append = (codes: BinaryCodes, count: number): void => {
    table.append(codes, count);
    helpers.startFor(table.count * BYTES);
  };
  return { helpers, table, append };
}

/** Stands for a worker, and does what that does when it is told to. */
class Helper {
  readonly terminate = vi.fn();
  onerror: ((event: Event) => void) | null = null;
  #start: ScanHelperStart | null = null;
  #last = 0;

  postMessage(start: ScanHelperStart): void {
    this.#start = start;
  }

  /** Takes all chunks that are left, unless `work` throws. Null when it is dismissed. */
  help(work: (rank: (change?: Partial<FirstPass>) => void) => void = (rank) => rank()) {
    if (this.#start === null) throw new Error('It was not started.');
    const { memory, board, histogram } = this.#start;
    const kernel = createWasmCodeKernel(memory);
    if (kernel === null) throw new Error('There is no such kernel.');
    const pass = new PassBoard(kernel.memory, board).help(this.#last, (pass, chunk) => {
      work((change) => {
        rankChunk(kernel, { ...pass, ...change }, chunk, histogram);
      });
    });
    this.#last = pass ?? this.#last;
    return pass;
  }

  /** How often it was woken. */
  passes(): number {
    if (this.#start === null) throw new Error('It was not started.');
    const { memory, board } = this.#start;
    return new Int32Array(memory.buffer, board, 1)[0] ?? NaN;
  }

  asWorker(): Worker {
    return this as unknown as Worker;
  }
}

function spawning(helpers: Helper[]): () => Worker {
  return () => {
    const helper = new Helper();
    helpers.push(helper);
    return helper.asWorker();
  };
}

const rows = rowsOf(ROWS);
const alone = new BinaryTable(sharedKernel(), BITS);
alone.append(rows, ROWS);

function filterOf(seed: number, share: number): Uint8Array {
  const next = randomNumbers(seed);
  const bits = new Uint8Array(Math.ceil(ROWS / 8));
  for (let row = 0; row < ROWS; row++) {
    if ((next() + 1) / 2 < share) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return bits;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('with helpers the candidates are the same', () => {
  test('whenever they come in, and whatever they take', () => {
    const workers: Helper[] = [];
    /** For each chunk of the table's own who comes in before it. */
    let schedule: readonly (number | null)[] = [];
    let chunk = 0;
    const { helpers, table, append } = tableWith(
      { leastBytes: 0, spawn: spawning(workers) },
      () => {
        const who = schedule[chunk++] ?? null;
        // The first takes a chunk and the second the others, or one of them all.
        if (who === 0) {
          let isFirst = true;
          workers[0]?.help((rank) => {
            if (isFirst) workers[1]?.help();
            isFirst = false;
            rank();
          });
        } else if (who !== null) workers[1]?.help();
      },
    );
    append(rows, ROWS);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(null, null, 0, 1), { maxLength: 7 }),
        fc.integer({ min: 1, max: ROWS + 9 }),
        fc.integer({ min: 1, max: 50 }),
        fc.option(fc.constantFrom(0, 0.01, 0.3, 1)),
        (who, limit, seed, share) => {
          [schedule, chunk] = [who, 0];
          const [query, filter] = [queryOf(seed), share === null ? null : filterOf(seed, share)];
          expect(table.candidates(query, limit, filter)).toEqual(
            alone.candidates(query, limit, filter),
          );
          expect(helpers.size).toBe(2);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('when the table has grown since they came', () => {
    const workers: Helper[] = [];
    const { helpers, table, append } = tableWith({ leastBytes: 0, spawn: spawning(workers) }, () =>
      workers[0]?.help(),
    );
    const half = { ...rows, bits: rows.bits.subarray(0, 700 * BYTES) };
    append(half, 700);
    table.candidates(queryOf(1), 10, null);
    append(
      {
        bits: rows.bits.subarray(700 * BYTES),
        offsets: rows.offsets.subarray(700),
        factors: rows.factors.subarray(700),
      },
      ROWS - 700,
    );
    const found = table.candidates(queryOf(2), 800, null);
    expect(found).toEqual(alone.candidates(queryOf(2), 800, null));
    expect(helpers.size).toBe(2);
  });
});

describe('helpers that fail', () => {
  test('are ended, and what they still write spoils nothing', () => {
    const workers: Helper[] = [];
    let late: (() => void) | null = null;
    const { helpers, table, append } = tableWith(
      { leastBytes: 0, spawn: spawning(workers) },
      () => {
        // It writes once more, while the table is at work again.
        if (late !== null) late();
        else
          workers[0]?.help((rank) => {
            late = () => {
              rank({ step: -1 });
            };
            throw new Error('No.');
          });
      },
    );
    append(rows, ROWS);
    for (const seed of [4, 5]) {
      const found = table.candidates(queryOf(seed), 300, null);
      expect(found).toEqual(alone.candidates(queryOf(seed), 300, null));
      expect(helpers.size).toBe(0);
    }
    expect(workers).toHaveLength(2);
    for (const { terminate } of workers) expect(terminate).toHaveBeenCalledOnce();
  });

  test('by an error of their own are ended, too', () => {
    const workers: Helper[] = [];
    const { helpers, table, append } = tableWith(
      { leastBytes: 0, spawn: spawning(workers) },
      () => undefined,
    );
    append(rows, ROWS);
    table.candidates(queryOf(1), 10, null);
    const event = new Event('error', { cancelable: true });
    workers[1]?.onerror?.(event);
    expect(event.defaultPrevented).toBe(true);
    expect(helpers.size).toBe(0);
    expect(table.candidates(queryOf(1), 10, null)).toEqual(alone.candidates(queryOf(1), 10, null));
    expect(workers).toHaveLength(2);
  });

  test('to start are done without', () => {
    const spawn = vi.fn(() => {
      throw new DOMException('Workers are forbidden.', 'SecurityError');
    });
    const { helpers, table, append } = tableWith({ leastBytes: 0, spawn }, () => undefined);
    append(rows, ROWS);
    for (const seed of [6, 7]) {
      const found = table.candidates(queryOf(seed), 10, null);
      expect(found).toEqual(alone.candidates(queryOf(seed), 10, null));
    }
    expect([helpers.size, spawn.mock.calls.length]).toEqual([0, 1]);
  });
});

describe('helpers are there', () => {
  test('from the first large load on, until they are ended', () => {
    const workers: Helper[] = [];
    const options = { spawn: spawning(workers), leastBytes: ROWS * BYTES };
    const { helpers, table, append } = tableWith(options, () => undefined);
    append(rows, ROWS - 1);
    table.candidates(queryOf(1), 10, null);
    expect(helpers.size).toBe(0);
    append(rows, 1);
    expect(helpers.size).toBe(2);
    append(rows, 1);
    table.candidates(queryOf(1), 10, null);
    expect([helpers.size, workers.length]).toEqual([2, 2]);
    helpers.end();
    append(rows, 1);
    table.candidates(queryOf(1), 10, null);
    expect([helpers.size, workers.length]).toEqual([0, 2]);
    for (const { terminate } of workers) expect(terminate).toHaveBeenCalledOnce();
  });

  test('and sleep no more once they are ended', () => {
    const workers: Helper[] = [];
    const { helpers, table, append } = tableWith(
      { leastBytes: 0, spawn: spawning(workers) },
      () => null,
    );
    append(rows, 1);
    table.candidates(queryOf(1), 1, null);
    expect(workers.map((worker) => [worker.help(), worker.passes()])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    helpers.end();
    expect(workers.map((worker) => worker.passes())).toEqual([2, 2]);
    expect(workers.map((worker) => worker.help())).toEqual([null, null]);
  });

  test('until the worker that they belong to is about to be ended', async () => {
    const workers: Helper[] = [];
    const { helpers, append } = tableWith({ leastBytes: 0, spawn: spawning(workers) }, () => null);
    append(rows, 1);
    await endOwnWorkers();
    expect(helpers.size).toBe(0);
    for (const { terminate } of workers) expect(terminate).toHaveBeenCalledOnce();
  });

  test('and are not asked for a while once they were waited for', () => {
    const workers: Helper[] = [];
    const { helpers, table, append } = tableWith(
      { leastBytes: 0, spawn: spawning(workers) },
      () => undefined,
    );
    append(rows, ROWS);
    // Time passes wherever it is looked at, so also while the board is being closed.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 2));
    table.candidates(queryOf(1), 10, null);
    expect(workers[0]?.passes()).toBe(1);
    table.candidates(queryOf(2), 10, null);
    expect([workers[0]?.passes(), helpers.size]).toEqual([1, 2]);
    now += 20;
    table.candidates(queryOf(3), 10, null);
    expect(workers[0]?.passes()).toBe(2);
    // Twice as long the second time.
    now += 20;
    table.candidates(queryOf(4), 10, null);
    expect(workers[0]?.passes()).toBe(2);
    now += 20;
    table.candidates(queryOf(5), 10, null);
    expect(workers[0]?.passes()).toBe(3);
  });

  test('only where memory can be shared, and there is a core for them', () => {
    const own = createWasmCodeKernel();
    expect(own === null ? null : ScanHelpers.on(own, { count: 1 })).toBeNull();
    expect(ScanHelpers.on(sharedKernel(), { count: 0 })).toBeNull();
  });
});
