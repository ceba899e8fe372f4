import { expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import { PriorityGate, type GateOptions } from './priority-gate';

const never = new AbortController().signal;
const index: GateOptions = { priority: 'index', signal: never };
const query: GateOptions = { priority: 'query', signal: never };
const idle: GateOptions = { priority: 'idle', signal: never };

/** A job that notes its name when it runs. */
function noting(log: string[], name: string): () => Promise<string> {
  return () => {
    log.push(name);
    return Promise.resolve(name);
  };
}

test('a query overtakes what waits, not what runs', async () => {
  const gate = new PriorityGate(1);
  const log: string[] = [];
  const leave = await gate.enter(index);
  const jobs = [
    gate.run(index, noting(log, 'index 1')),
    gate.run(index, noting(log, 'index 2')),
    gate.run(query, noting(log, 'query 1')),
    gate.run(query, noting(log, 'query 2')),
  ];
  expect(log).toEqual([]);
  leave();
  await Promise.all(jobs);
  expect(log).toEqual(['query 1', 'query 2', 'index 1', 'index 2']);
});

test('what is idle waits for all others, also for those that come later', async () => {
  const gate = new PriorityGate(1);
  const log: string[] = [];
  const leave = await gate.enter(idle);
  const jobs = [
    gate.run(idle, noting(log, 'idle 1')),
    gate.run(idle, noting(log, 'idle 2')),
    gate.run(index, noting(log, 'index')),
    gate.run(query, noting(log, 'query')),
  ];
  leave();
  await Promise.all(jobs);
  expect(log).toEqual(['query', 'index', 'idle 1', 'idle 2']);
});

test('a failed job rejects and blocks nothing', async () => {
  const gate = new PriorityGate(1);
  const failing = gate.run(index, () => Promise.reject(new Error('broken')));
  const next = gate.run(index, () => Promise.resolve('went on'));
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('went on');
});

test('an aborted job leaves the queue without running', async () => {
  const gate = new PriorityGate(1);
  const log: string[] = [];
  const leave = await gate.enter(index);
  const controller = new AbortController();
  const aborted = gate.run(
    { priority: 'query', signal: controller.signal },
    noting(log, 'aborted'),
  );
  const other = gate.run(index, noting(log, 'other'));
  controller.abort();
  const reason = await aborted.catch((thrown: unknown) => thrown);
  expect(isPhotoglotError(reason) && reason.code).toBe('aborted');
  leave();
  await other;
  expect(log).toEqual(['other']);
});

test('a job that is aborted already never runs', async () => {
  const gate = new PriorityGate(1);
  const job = gate.run({ priority: 'query', signal: AbortSignal.abort() }, () => Promise.resolve());
  await expect(job).rejects.toMatchObject({ code: 'aborted' });
  expect(await gate.run(query, () => Promise.resolve('free'))).toBe('free');
});

test('weights share the room; a large one is waited for, and fits alone', async () => {
  const gate = new PriorityGate(10);
  const entered: string[] = [];
  const enter = async (name: string, weight: number): Promise<() => void> => {
    const leave = await gate.enter({ ...index, weight });
    entered.push(name);
    return leave;
  };
  const leaveSix = await enter('six', 6);
  const huge = enter('huge', 1000);
  const small = enter('small', 1);
  await Promise.resolve();
  expect(entered).toEqual(['six']);
  leaveSix();
  const leaveHuge = await huge;
  expect(entered).toEqual(['six', 'huge']);
  leaveHuge();
  await small;
  expect(entered).toEqual(['six', 'huge', 'small']);
});

test('an aborted large job lets the smaller ones behind it in', async () => {
  const gate = new PriorityGate(10);
  await gate.enter({ ...index, weight: 6 });
  const controller = new AbortController();
  const large = gate.enter({ priority: 'index', signal: controller.signal, weight: 10 });
  const small = gate.enter({ ...index, weight: 2 });
  controller.abort();
  await expect(large).rejects.toMatchObject({ code: 'aborted' });
  expect(await small).toBeTypeOf('function');
});
