import { expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { leastConfidence } from './least-confidence';

const calibration = { background: Float32Array.of(1, 0), scale: 10, bias: -5 };

test('auto cuts for texts and a calibrated model only', () => {
  expect(leastConfidence('auto', calibration, true)).toBe(0.5);
  expect(leastConfidence('auto', null, true)).toBe(0);
  expect(leastConfidence('auto', calibration, false)).toBe(0);
});

test.each([0, 0.3, 1])('%d is taken as it is', (cutoff) => {
  expect(leastConfidence(cutoff, calibration, false)).toBe(cutoff);
  expect(leastConfidence(cutoff, null, true)).toBe(cutoff);
});

test.each([-0.1, 1.1, NaN, '0.5', null])('%s is refused', (cutoff) => {
  expect(() => leastConfidence(cutoff as number, calibration, true)).toThrow(PhotoglotError);
  expect(() => leastConfidence(cutoff as number, calibration, true)).toThrow(
    `The cutoff must be "auto" or a number of 0…1; got ${String(cutoff)}.`,
  );
});
