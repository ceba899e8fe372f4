import { expect, test } from 'vitest';
import { RegisterHistory } from './register-history';

const done = (): Promise<void> => Promise.resolve();
const value = (read: string | null) => () => Promise.resolve(read);

test('lets pass what could have happened one after the other', async () => {
  const history = new RegisterHistory();
  await history.read(value(null));
  await history.write('a', done);
  await history.read(value('a'));
  // Both at once: either may be the last.
  await Promise.all([history.write('b', done), history.write('c', done)]);
  await history.read(value('b'));
  await history.write('d', async () => {
    await history.read(value('d'));
    await history.read(value('c'));
  });
  await history.read(value('d'));
  expect(history.problems).toEqual([]);
});

test('finds values that were replaced, and such as nobody wrote', async () => {
  const history = new RegisterHistory();
  await history.write('a', done);
  await history.read(value(null));
  await history.write('b', done);
  await history.read(value('a'));
  await history.read(value('c'));
  expect(history.problems).toEqual([
    'null was read after a had taken its place',
    'a was read after b had taken its place',
    'c was read, but never written',
  ]);
});
