import { describe, expect, it } from 'vitest';
import { RateMeter } from './rate-meter';

describe('RateMeter', () => {
  it('knows nothing at first, and after a pause', () => {
    const meter = new RateMeter();
    expect(meter.rate).toBe(0);
    meter.note(0, 0);
    meter.note(400, 40);
    expect(meter.rate).toBe(0);
    meter.note(1_000, 100);
    expect(meter.rate).toBe(100);
    meter.reset();
    expect(meter.rate).toBe(0);
  });

  it('follows a machine that slows down', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 10; second += 1) meter.note(second * 1_000, second * 50);
    expect(meter.rate).toBe(50);
    for (let second = 1; second <= 20; second += 1) {
      meter.note((10 + second) * 1_000, 500 + second * 5);
    }
    expect(meter.rate).toBe(5);
  });
});
