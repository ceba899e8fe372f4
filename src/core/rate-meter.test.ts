import { expect, test } from 'vitest';
import { RateMeter } from './rate-meter';

/** A meter of 100 items and its clock. */
function meterAt(): { at: (seconds: number, done: number) => [number, number | null] } {
  let time = 0;
  const meter = new RateMeter(0, () => time);
  return {
    at(seconds, done) {
      time = seconds * 1000;
      const { rate, remaining } = meter.progress(done, 100);
      return [rate, remaining];
    },
  };
}

test('nothing is known at first', () => {
  expect(meterAt().at(0, 0)).toEqual([0, null]);
});

test('the rate is that of the last five seconds', () => {
  const { at } = meterAt();
  expect(at(1, 10)).toEqual([10, 9]);
  expect(at(2, 20)).toEqual([10, 8]);
  expect(at(6, 28)).toEqual([18 / 5, 72 / (18 / 5)]);
  expect(at(11, 38)).toEqual([2, 31]);
});

test('a standstill has no remaining time', () => {
  const { at } = meterAt();
  at(1, 10);
  at(2, 10);
  expect(at(10, 10)).toEqual([0, null]);
});

test('at the end nothing remains', () => {
  expect(meterAt().at(0, 100)).toEqual([0, 0]);
});

test('what was there at the start, or before a break, says nothing of the speed', () => {
  let time = 0;
  const meter = new RateMeter(50, () => time);
  time = 1000;
  expect(meter.progress(60, 100)).toMatchObject({ rate: 10, remaining: 4 });
  time = 100_000;
  meter.restart(60);
  time = 101_000;
  expect(meter.progress(80, 100)).toMatchObject({ rate: 20, remaining: 1 });
});
