import { describe, expect, test } from 'vitest';
import { DEFAULT_RULES } from './download-rules';
import { HostFailure } from './host-failure';
import { RetryPolicy } from './retry-policy';

function failure(again: number | null | 'never' = null): HostFailure {
  return new HostFailure({ code: 'network', message: 'test', again });
}

function delays(policy: RetryPolicy, count: number): (number | null)[] {
  return Array.from({ length: count }, () => policy.failed(failure()));
}

describe('the wait', () => {
  test('doubles at most, and the sixth failure is the last', () => {
    const policy = new RetryPolicy(DEFAULT_RULES, () => 1);
    expect(delays(policy, 6)).toEqual([500, 1000, 2000, 4000, 8000, null]);
  });

  test('has an upper bound', () => {
    const policy = new RetryPolicy({ ...DEFAULT_RULES, failures: 20 }, () => 1);
    expect(delays(policy, 19).at(-1)).toBe(15_000);
  });

  test('is anything from nothing on, so that clients do not come back together', () => {
    expect(delays(new RetryPolicy(DEFAULT_RULES, () => 0), 2)).toEqual([0, 0]);
    expect(delays(new RetryPolicy(DEFAULT_RULES, () => 0.5), 2)).toEqual([250, 500]);
  });

  test('is as long as the server asks, or no wait at all', () => {
    const policy = new RetryPolicy(DEFAULT_RULES, () => 0);
    expect(policy.failed(failure(60_000))).toBe(60_000);
    expect(policy.failed(failure(60_001))).toBeNull();
  });
});

test('what cannot change is not asked for again', () => {
  expect(new RetryPolicy(DEFAULT_RULES).failed(failure('never'))).toBeNull();
});

describe('failures are forgotten', () => {
  test('when enough has arrived since', () => {
    const policy = new RetryPolicy(DEFAULT_RULES, () => 1);
    delays(policy, 5);
    policy.gained(2 ** 20 - 1);
    expect(policy.failures).toBe(5);
    policy.gained(1);
    expect(policy.failures).toBe(0);
    // The count of bytes begins anew, too.
    delays(policy, 5);
    policy.gained(2 ** 20 - 1);
    expect(policy.failed(failure())).toBeNull();
  });

  test('when a chunk is kept', () => {
    const policy = new RetryPolicy(DEFAULT_RULES, () => 1);
    delays(policy, 5);
    policy.reset();
    expect(delays(policy, 2)).toEqual([500, 1000]);
  });
});
