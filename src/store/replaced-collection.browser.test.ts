/** What others do to a collection while it is open here, or while it is read. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeOf, randomRows, Tab } from './test-workers/store-harness';

let tab: Tab;

beforeEach(async () => {
  tab = new Tab(`replaced ${crypto.randomUUID()}`);
  await tab.open();
});

afterEach(async () => {
  await tab.call('drop', {});
  tab.link.dispose();
});

/** What comes through the port of an export, as text. */
function textOf(port: MessagePort): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    port.onmessage = ({ data }: MessageEvent<{ kind: string; bytes: Uint8Array }>) => {
      if (data.kind === 'piece') {
        text += new TextDecoder().decode(data.bytes);
        port.postMessage('next');
      } else if (data.kind === 'end') resolve(text);
      else reject(new Error(data.kind));
    };
    port.postMessage('next');
  });
}

test('an export that begins while rows are compacted has the right vectors', async () => {
  const rows = randomRows('a', 1200);
  await tab.put(rows);
  const { port1, port2 } = new MessageChannel();
  const ids = rows.slice(0, 600).map(({ item }) => item.id);
  const deleting = tab.call('delete', { ids });
  const args = { collection: tab.name, request: { format: 'jsonl', port: port2 } as const };
  const exporting = tab.link.call('export', args, { transfer: [port2] });
  const [text] = await Promise.all([textOf(port1), exporting, deleting]);
  const found = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; vector: number[] });
  const vectorOf = new Map(rows.map(({ item, vector }) => [item.id, [...vector]]));
  expect(found.length).toBeGreaterThanOrEqual(600);
  expect(found.filter(({ id, vector }) => String(vectorOf.get(id)) !== String(vector))).toEqual([]);
});

test('vectors of the model that it was of are refused once it is of another', async () => {
  const [row] = randomRows('a', 1);
  if (row === undefined) throw new Error('no row');
  await tab.put([row]);
  const args = { vector: row.vector, limit: 1, where: null };
  expect(await tab.call('search', args)).toHaveLength(1);
  await tab.call('drop', {});
  await tab.open({ model: 'test@2' });
  expect(await codeOf(tab.put([row]))).toBe('model-mismatch');
  expect(await codeOf(tab.call('search', args))).toBe('model-mismatch');
  expect(await codeOf(tab.call('refine', { ids: ['a0'], vectors: row.vector }))).toBe(
    'model-mismatch',
  );
  expect(await tab.call('count', {})).toBe(0);
});
