import { afterEach, beforeEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { codeOf, randomRows, Tab, type Row } from './test-workers/store-harness';

const tab = new Tab(`quota ${crypto.randomUUID()}`);

const { origin } = globalThis.location;

beforeEach(async () => {
  // Chromium remembers for a while how much room a site had: it has to forget the site first.
  await devtools('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await devtools('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4_000_000 });
});

afterEach(async () => {
  await devtools('Storage.overrideQuotaForOrigin', { origin });
  await tab.call('drop', {});
  tab.link.dispose();
});

test('a full disk is "quota-exceeded", and the collection works on', async () => {
  await tab.open();
  expect(await codeOf(tab.put([withOriginal('a', 1_000_000)]))).toBe('resolved');
  expect(await codeOf(tab.put([withOriginal('b', 20_000_000)]))).toBe('quota-exceeded');
  expect(await tab.call('ids', {})).toEqual(['a0']);
  expect(await codeOf(tab.call('original', { id: 'a0' }))).toBe('resolved');
  // As if the user had made room.
  await devtools('Storage.overrideQuotaForOrigin', { origin });
  expect(await codeOf(tab.put([withOriginal('b', 20_000_000)]))).toBe('resolved');
  expect((await tab.call('original', { id: 'b0' }))?.size).toBe(20_000_000);
  expect(await tab.call('ids', {})).toEqual(['a0', 'b0']);
});

function withOriginal(prefix: string, size: number): Row {
  const [row] = randomRows(prefix, 1);
  if (row === undefined) throw new Error('no row');
  return { ...row, item: { ...row.item, original: new Blob([new Uint8Array(size)]) } };
}

function devtools(method: string, parameters: object): Promise<unknown> {
  // The provider's types, which add `send`, are not loaded in this project.
  const session = cdp() as unknown as {
    send(method: string, parameters: object): Promise<unknown>;
  };
  return session.send(method, parameters);
}
