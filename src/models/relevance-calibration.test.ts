import { expect, test } from 'vitest';
import { relevanceCalibration } from './relevance-calibration';

test('the background has length 1, whatever its length in the manifest', () => {
  // [3, 4] as float32.
  const background = { vector: 'AABAQAAAgEA=', scale: 12, bias: -6 };
  const calibration = relevanceCalibration({ calibration: { scale: 1, bias: 0, background } });
  expect(calibration).toMatchObject({ scale: 12, bias: -6 });
  expect(calibration?.background[0]).toBeCloseTo(0.6, 6);
  expect(calibration?.background[1]).toBeCloseTo(0.8, 6);
});

test('a model that does not tell has none', () => {
  expect(relevanceCalibration({})).toBeNull();
  expect(relevanceCalibration({ calibration: { scale: 24, bias: -12 } })).toBeNull();
});
