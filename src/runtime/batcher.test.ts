import { describe, expect, test } from 'vitest';
import { Batcher } from './batcher';
import type { Priority } from '../protocol/tower-contract';

const never = new AbortController().signal;

/** A batcher of names whose runs are let go one by one. */
class Bench {
  readonly runs: (readonly string[])[] = [];
  readonly batcher: Batcher<string, string>;
  #finish: ((failure?: Error) => void)[] = [];

  constructor(size: number) {
    this.batcher = new Batcher(
      () => size,
      (names) => {
        this.runs.push(names);
        return new Promise((resolve, reject) => {
          this.#finish.push((failure) => {
            if (failure === undefined) resolve(names.map((name) => name.toUpperCase()));
            else reject(failure);
          });
        });
      },
    );
  }

  submit(
    input: string,
    shape: string,
    priority: Priority = 'index',
    signal = never,
    cost = 1,
  ): Promise<string> {
    return this.batcher.submit({ input, shape, priority, signal, cost });
  }

  /** Ends the run in progress, and lets the next one start. */
  async finish(failure?: Error): Promise<void> {
    this.#finish.shift()?.(failure);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

test('runs those of one shape together once there are enough', async () => {
  const bench = new Bench(2);
  const arrived = bench.batcher.expect('index');
  const results = [
    bench.submit('a', 'wide'),
    bench.submit('b', 'tall'),
    bench.submit('c', 'wide'),
    bench.submit('d', 'wide'),
  ];
  expect(bench.runs).toEqual([['a', 'c']]);
  await bench.finish();
  expect(bench.runs).toHaveLength(1);
  arrived();
  expect(bench.runs).toEqual([['a', 'c'], ['b']]);
  await bench.finish();
  await bench.finish();
  expect(bench.runs).toEqual([['a', 'c'], ['b'], ['d']]);
  expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D']);
});

test('a query waits for no batch and goes first', async () => {
  const bench = new Bench(2);
  bench.batcher.expect('index');
  const others = [bench.submit('a', 'wide'), bench.submit('b', 'wide'), bench.submit('c', 'wide')];
  const query = bench.submit('q', 'wide', 'query');
  await bench.finish();
  expect(bench.runs).toEqual([['a', 'b'], ['q']]);
  await bench.finish();
  expect(await query).toBe('Q');
  expect(await Promise.all(others.slice(0, 2))).toEqual(['A', 'B']);
});

test('what is idle runs after all others, in runs of its own', async () => {
  const bench = new Bench(2);
  void bench.submit('running', 'wide');
  void bench.submit('a', 'wide', 'idle');
  void bench.submit('b', 'wide', 'idle');
  void bench.submit('c', 'wide', 'index');
  void bench.submit('q', 'wide', 'query');
  for (let run = 0; run < 4; run++) await bench.finish();
  expect(bench.runs).toEqual([['running'], ['q'], ['c'], ['a', 'b']]);
});

test.each(['query', 'index'] as const)(
  'a full batch of what is idle waits while %s is on its way',
  async (priority) => {
    const bench = new Bench(2);
    const arrived = bench.batcher.expect(priority);
    void bench.submit('a', 'wide', 'idle');
    void bench.submit('b', 'wide', 'idle');
    expect(bench.runs).toEqual([]);
    void bench.submit('first', 'wide', priority);
    arrived();
    await bench.finish();
    expect(bench.runs).toEqual([['first'], ['a', 'b']]);
  },
);

test('what is to be indexed does not wait for what is idle', () => {
  const bench = new Bench(2);
  bench.batcher.expect('idle');
  void bench.submit('a', 'wide', 'index');
  expect(bench.runs).toEqual([['a']]);
});

test('a failed run rejects its own items only', async () => {
  const bench = new Bench(1);
  const bad = bench.submit('bad', 'wide');
  const good = bench.submit('good', 'wide');
  await Promise.all([
    expect(bad).rejects.toMatchObject({ message: 'no memory' }),
    bench.finish(new Error('no memory')),
  ]);
  await bench.finish();
  expect(await good).toBe('GOOD');
});

test('an aborted item leaves the queue', async () => {
  const bench = new Bench(1);
  const first = bench.submit('first', 'wide');
  const controller = new AbortController();
  const second = bench.submit('second', 'wide', 'index', controller.signal);
  controller.abort();
  await expect(second).rejects.toMatchObject({ code: 'aborted' });
  await bench.finish();
  expect(await first).toBe('FIRST');
  expect(bench.runs).toEqual([['first']]);
});

/** Submits one for each cost, while more are on their way. */
function submitAll(bench: Bench, costs: readonly number[]): () => void {
  const arrived = bench.batcher.expect('index');
  costs.forEach((cost, at) => {
    void bench.submit(`${at}`, 'patches', 'index', never, cost);
  });
  return arrived;
}

describe('a run takes what has room,', () => {
  test('twice as many of half the cost', () => {
    const bench = new Bench(2);
    submitAll(bench, [0.5, 0.5, 0.5]);
    expect(bench.runs).toEqual([]);
    void bench.submit('3', 'patches', 'index', never, 0.5);
    expect(bench.runs).toEqual([['0', '1', '2', '3']]);
  });

  test('where each counts as the largest, to which all are padded', async () => {
    const bench = new Bench(2);
    submitAll(bench, [0.5, 0.5, 0.8]);
    // Three of 0.8 are too many: the third is left for the next run.
    expect(bench.runs).toEqual([['0', '1']]);
    void bench.submit('3', 'patches', 'index', never, 0.9);
    await bench.finish();
    expect(bench.runs).toEqual([
      ['0', '1'],
      ['2', '3'],
    ]);
  });

  test('thirds that sum up to the room', () => {
    const bench = new Bench(1);
    submitAll(bench, [1 / 3, 1 / 3, 1 / 3]);
    expect(bench.runs).toEqual([['0', '1', '2']]);
  });

  test('one alone whatever it costs', () => {
    const bench = new Bench(1);
    submitAll(bench, [3]);
    expect(bench.runs).toEqual([['0']]);
  });
});

test('the room is asked for before each run', async () => {
  const runs: number[] = [];
  let room = 1;
  const batcher = new Batcher<number, number>(
    () => room,
    (inputs) => {
      runs.push(inputs.length);
      room = 3;
      return Promise.resolve(inputs);
    },
  );
  const item = { shape: 'wide', priority: 'index', signal: never } as const;
  await Promise.all([1, 2, 3, 4].map((input) => batcher.submit({ ...item, input })));
  expect(runs).toEqual([1, 3]);
});
