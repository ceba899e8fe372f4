import { expect, test } from 'vitest';
import { engineFloat16, ownFloat16 } from './float16';
import { describeFloat16 } from './test-workers/float16-suite';

describeFloat16('the conversion of our own', ownFloat16);

// Chromium has it from version 135 on; Node 20 does not.
if (engineFloat16 === null) {
  test('the engine has a conversion', () => {
    expect('Float16Array' in globalThis).toBe(false);
  });
} else {
  describeFloat16('the engine', engineFloat16);
}
