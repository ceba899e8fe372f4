import { describe, expect, test } from 'vitest';
import { failureOf } from '../test-workers/failure-of';
import { decodeFloat16, encodeFloat16, ownFloat16 } from './float16';
import { describeFloat16 } from './test-workers/float16-suite';

describeFloat16('the conversion of our own', ownFloat16);

describe('bulk conversion', () => {
  test('is the same as that of our own', () => {
    const numbers = Float32Array.from(
      { length: 5000 },
      (_, index) => Math.sin(index) * 10 ** (index % 9),
    );
    const own = new Uint16Array(numbers.length);
    ownFloat16.encode(numbers, own);
    expect(encodeFloat16(numbers)).toEqual(own);
    const [decoded, ownDecoded] = [new Float32Array(5001), new Float32Array(5000)];
    ownFloat16.decode(own, ownDecoded);
    decodeFloat16(own, decoded);
    expect([...decoded]).toEqual([...ownDecoded, 0]);
  });

  test('refuses to write where there is no room', () => {
    const failure = failureOf(() => {
      decodeFloat16(new Uint16Array(3), new Float32Array(2));
    });
    expect(failure).toMatch(/^dimension-mismatch: 3 .* got 2/);
  });
});
