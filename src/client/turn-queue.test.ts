import { describe, expect, test } from 'vitest';
import { TurnQueue, type EndTurn } from './turn-queue';

const [text, image] = [{ name: 'text' }, { name: 'image' }];

/** Takes turns and notes who got theirs, in order. */
class Takers {
  readonly queue = new TurnQueue();
  readonly admitted: string[] = [];
  readonly #ends = new Map<string, EndTurn>();

  take(owner: object, name: string, signal?: AbortSignal): Promise<void> {
    return this.queue.take(owner, signal).then((end) => {
      this.admitted.push(name);
      this.#ends.set(name, end);
    });
  }

  async end(...names: string[]): Promise<void> {
    for (const name of names) this.#ends.get(name)?.();
    await settled();
  }
}

/** All promise callbacks that are due have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

test('calls of one owner run together', async () => {
  const takers = new Takers();
  await Promise.all([takers.take(text, 't1'), takers.take(text, 't2')]);
  expect(takers.admitted).toEqual(['t1', 't2']);
});

test('owners exclude each other, and those who come later wait behind those who wait', async () => {
  const takers = new Takers();
  for (const name of ['i1', 'i2']) void takers.take(image, name);
  void takers.take(text, 't1');
  void takers.take(image, 'i3');
  void takers.take(text, 't2');
  void takers.take(image, 'i4');
  await settled();
  expect(takers.admitted).toEqual(['i1', 'i2']);
  await takers.end('i1');
  expect(takers.admitted).toHaveLength(2);
  await takers.end('i2');
  expect(takers.admitted.slice(2)).toEqual(['t1', 't2']);
  void takers.take(text, 't3');
  await takers.end('t1', 't2');
  expect(takers.admitted.slice(4)).toEqual(['i3', 'i4']);
  await takers.end('i3', 'i4');
  expect(takers.admitted.slice(6)).toEqual(['t3']);
});

describe('giving up', () => {
  test('rejects with "aborted", and lets those behind pass', async () => {
    const takers = new Takers();
    await takers.take(image, 'i1');
    const controller = new AbortController();
    const given = takers.take(text, 't1', controller.signal);
    void takers.take(image, 'i2');
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    await settled();
    // Nobody else waits any more, so that it shares the turn that runs.
    expect(takers.admitted).toEqual(['i1', 'i2']);
  });

  test('before it began takes no turn', async () => {
    const takers = new Takers();
    const signal = AbortSignal.abort();
    await expect(takers.take(text, 't1', signal)).rejects.toMatchObject({ code: 'aborted' });
    await takers.take(image, 'i1');
    expect(takers.admitted).toEqual(['i1']);
  });

  test('after it was admitted changes nothing', async () => {
    const takers = new Takers();
    const controller = new AbortController();
    const taking = takers.take(text, 't1', controller.signal);
    controller.abort();
    await taking;
    void takers.take(image, 'i1');
    await settled();
    expect(takers.admitted).toEqual(['t1']);
    await takers.end('t1');
    expect(takers.admitted).toEqual(['t1', 'i1']);
  });
});

test('nobody starves among many who come and go', async () => {
  const queue = new TurnQueue();
  const running = new Set<object>();
  let most = 0;
  let count = 0;
  const work = async (owner: object): Promise<void> => {
    for (let round = 0; round < 50; round++) {
      const end = await queue.take(owner);
      running.add(owner);
      most = Math.max(most, running.size);
      await Promise.resolve();
      running.delete(owner);
      end();
      count++;
    }
  };
  const owners = [text, image, {}, {}];
  await Promise.all(owners.map(work));
  expect([count, most]).toEqual([200, 1]);
});
