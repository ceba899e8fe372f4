import { expect, test } from 'vitest';
import { Recent } from './recent';

test('a value is made once, until cleared', () => {
  const recent = new Recent<object>(8);
  const first = recent.get('a', () => ({}));
  expect(recent.get('a', () => ({}))).toBe(first);
  recent.clear();
  expect(recent.get('a', () => ({}))).not.toBe(first);
});

test('the last used are kept', () => {
  const recent = new Recent<object>(3);
  const make = (): object => ({});
  const [kept, dropped] = [recent.get('a', make), recent.get('b', make)];
  recent.get('c', make);
  expect(recent.get('a', make)).toBe(kept);
  recent.get('d', make);
  expect(recent.get('a', make)).toBe(kept);
  expect(recent.get('b', make)).not.toBe(dropped);
});

test('only the value that is meant is forgotten', () => {
  const recent = new Recent<object>(3);
  const [first, other] = [recent.get('a', () => ({})), {}];
  recent.forget('a', other);
  expect(recent.get('a', () => other)).toBe(first);
  recent.forget('a', first);
  expect(recent.get('a', () => other)).toBe(other);
});
