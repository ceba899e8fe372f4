import { expect, test } from 'vitest';
import { Batcher } from './batcher';
import type { Priority } from '../protocol/tower-contract';

const never = new AbortController().signal;

/** A batcher of names whose runs are let go one by one. */
class Bench {
  readonly runs: (readonly string[])[] = [];
  readonly batcher: Batcher<string, string>;
  #finish: ((failure?: Error) => void)[] = [];

  constructor(size: number) {
    this.batcher = new Batcher(size, (names) => {
      this.runs.push(names);
      return new Promise((resolve, reject) => {
        this.#finish.push((failure) => {
          if (failure === undefined) resolve(names.map((name) => name.toUpperCase()));
          else reject(failure);
        });
      });
    });
  }

  submit(
    input: string,
    shape: string,
    priority: Priority = 'index',
    signal = never,
  ): Promise<string> {
    return this.batcher.submit({ input, shape, priority, signal });
  }

  /** Ends the run in progress, and lets the next one start. */
  async finish(failure?: Error): Promise<void> {
    this.#finish.shift()?.(failure);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

test('runs those of one shape together once there are enough', async () => {
  const bench = new Bench(2);
  const arrived = bench.batcher.expect();
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
  bench.batcher.expect();
  const others = [bench.submit('a', 'wide'), bench.submit('b', 'wide'), bench.submit('c', 'wide')];
  const query = bench.submit('q', 'wide', 'query');
  await bench.finish();
  expect(bench.runs).toEqual([['a', 'b'], ['q']]);
  await bench.finish();
  expect(await query).toBe('Q');
  expect(await Promise.all(others.slice(0, 2))).toEqual(['A', 'B']);
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
