import { expect, test } from 'vitest';
import { canMeasureMemory } from './memory.mjs';
import { kindOf, parseAnonymous, privateByKind } from './process-kinds.mjs';

test.each([
  ['/usr/lib/chromium/chromium\0--headless=new\0', 'browser'],
  ['/usr/lib/chromium/chromium\0--type=renderer\0--lang=en\0', 'renderer'],
  ['chromium --type=gpu-process --no-sandbox', 'gpu-process'],
  ['c\0--type=utility\0--utility-sub-type=network.mojom.NetworkService\0', 'network'],
])('%j is a %s', (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});

test('reads anonymous memory in bytes', () => {
  expect(parseAnonymous('Pss:   12 kB\nAnonymous:   7 kB\nLazyFree: 0 kB\n')).toBe(7 * 1024);
  expect(parseAnonymous('')).toBe(0);
});

test.runIf(canMeasureMemory)('finds this very process', async () => {
  expect((await privateByKind(process.pid)).browser).toBeGreaterThan(1e6);
});
