import { expect, test } from 'vitest';
import { planKills } from './soak-kill-plan.mjs';

test('kills at all kinds of moments, spread over their time', () => {
  const plans = planKills(200, 1);
  for (const moment of ['opening', 'time', 'write'] as const) {
    const times = plans.filter((plan) => plan.moment === moment).map(({ afterMs }) => afterMs);
    expect(times.length).toBeGreaterThan(10);
    const most = Math.max(...times);
    // No half of the time is left out.
    expect(new Set(times).size).toBeGreaterThan(5);
    const late = times.filter((ms) => ms > most / 2).length;
    expect(Math.min(late, times.length - late)).toBeGreaterThan(times.length / 5);
  }
});

test('kills as soon as a write is acknowledged, too', () => {
  const plans = planKills(200, 1).flatMap((plan) => (plan.moment === 'acknowledged' ? plan : []));
  expect(plans.length).toBeGreaterThan(20);
  expect(new Set(plans.map(({ afterMs }) => afterMs))).toEqual(new Set([0]));
  expect(new Set(plans.map(({ write }) => write)).size).toBeGreaterThan(10);
});

test('is the same for a seed, and another for another', () => {
  expect(planKills(20, 5)).toEqual(planKills(20, 5));
  expect(planKills(20, 5)).not.toEqual(planKills(20, 6));
});
