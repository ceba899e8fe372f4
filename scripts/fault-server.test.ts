/** The server that tests of downloads rely on does wrong what it is told to, and nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFaultServer } from './fault-server.mjs';
import type { FaultSetting, LoggedRequest } from './fault-types.mjs';
import { seededBytes } from './seeded-bytes.mjs';

const SIZE = 100_000;
let server: Awaited<ReturnType<typeof createFaultServer>>;

beforeAll(async () => {
  server = await createFaultServer({ headers: { 'cross-origin-resource-policy': 'same-origin' } });
});
afterAll(() => server.close());

let count = 0;
async function serve(setting: Partial<FaultSetting> = {}): Promise<string> {
  const url = `${server.url}/faults/test-${(count += 1)}`;
  const files = { f: { size: SIZE, seed: 3 } };
  await fetch(url, { method: 'POST', body: JSON.stringify({ files, ...setting }) });
  return url;
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

test('bytes follow from the seed, at any offset', () => {
  const all = seededBytes(3, 0, 1000);
  expect(seededBytes(3, 0, 1000)).toEqual(all);
  for (const [start, end] of [
    [0, 0],
    [1, 2],
    [3, 997],
    [500, 501],
  ] as const) {
    expect([...seededBytes(3, start, end)]).toEqual([...all.slice(start, end)]);
  }
  expect(seededBytes(4, 0, 1000)).not.toEqual(all);
  // All values, about equally often.
  const seen = new Set(seededBytes(5, 0, 10_000));
  expect(seen.size).toBe(256);
});

test('without faults it is a good server', async () => {
  const url = await serve();
  expect(await bytesOf(await fetch(`${url}/f`))).toEqual(seededBytes(3, 0, SIZE));
  const part = await fetch(`${url}/f`, { headers: { range: 'bytes=70000-70999' } });
  expect([part.status, part.headers.get('content-range'), part.headers.get('etag')]).toEqual([
    206,
    `bytes 70000-70999/${SIZE}`,
    '"v1"',
  ]);
  expect([...(await bytesOf(part))]).toEqual([...seededBytes(3, 70_000, 71_000)]);
  const beyond = await fetch(`${url}/f`, { headers: { range: `bytes=${SIZE}-` } });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${SIZE}`]);
  expect((await fetch(`${url}/none`)).status).toBe(404);
  const log = (await (await fetch(`${url}?log`)).json()) as LoggedRequest[];
  expect(log.map(({ status, bytes }) => [status, bytes])).toEqual([
    [200, SIZE],
    [206, 1000],
    [416, 0],
    [404, 0],
  ]);
});

test('rules apply as often as they say, and behind what they skip', async () => {
  const url = await serve({ rules: [{ kind: 'status', status: 503, skip: 1, times: 2 }] });
  const statuses: number[] = [];
  for (let index = 0; index < 5; index++) statuses.push((await fetch(`${url}/f`)).status);
  expect(statuses).toEqual([200, 503, 503, 200, 200]);
});

test('one byte is flipped, in answers that hold it', async () => {
  const url = await serve({ rules: [{ kind: 'flip', at: 80_000, times: 0 }] });
  const bytes = await bytesOf(await fetch(`${url}/f`));
  const right = seededBytes(3, 0, SIZE);
  expect(bytes.findIndex((byte, index) => byte !== right[index])).toBe(80_000);
  expect([...bytes.subarray(80_001)]).toEqual([...right.subarray(80_001)]);
  const before = await fetch(`${url}/f`, { headers: { range: 'bytes=0-79999' } });
  expect([...(await bytesOf(before))]).toEqual([...right.subarray(0, 80_000)]);
});

test('answers break, end early, or have too much', async () => {
  const rules: FaultSetting['rules'] = [
    { kind: 'drop', after: 10, times: 1 },
    { kind: 'truncate', after: 10, times: 1 },
    { kind: 'oversize', after: 10, times: 1 },
  ];
  const url = await serve({ rules });
  await expect(fetch(`${url}/f`).then(bytesOf)).rejects.toThrow();
  expect(await bytesOf(await fetch(`${url}/f`))).toHaveLength(10);
  expect(await bytesOf(await fetch(`${url}/f`))).toHaveLength(SIZE + 10);
});

test('it can be changed on the way', async () => {
  const url = await serve();
  const files = { f: { base64: btoa('new') } };
  const change = { files, options: { etag: '"v2"', gzip: true, range: false } };
  await fetch(url, { method: 'PATCH', body: JSON.stringify(change) });
  const response = await fetch(`${url}/f`, { headers: { range: 'bytes=0-0' } });
  expect([response.status, response.headers.get('etag')]).toEqual([200, '"v2"']);
  expect(await response.text()).toBe('new');
});
