import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { createBert, encodeBert, MODEL, ROWS } from './test-workers/bert-runner';
import { describeBert } from './test-workers/bert-suite';

const fixture = async (name: string): Promise<Blob> =>
  new Blob([await readFile(new URL(`fixtures/${name}`, import.meta.url))]);

const files = {
  model: await fixture(MODEL),
  rows: await Promise.all(ROWS.map((name) => fixture(name))),
};
const session = await createBert(files, 'simd', 1);

afterAll(() => session.release());

describeBert('plain SIMD in Node', (texts) => encodeBert(session, texts));

test('a token that no pack has is an error that names it', async () => {
  const [core] = files.rows;
  const part = await createBert({ ...files, rows: core ? [core] : [] }, 'simd', 1);
  const outside = Array.from({ length: 300 }, (_, id) => id).filter((id) => !part.has(id));
  expect(outside.length).toBeGreaterThan(0);
  await expect(encodeBert(part, [[0, outside[0] ?? 0, 2]])).rejects.toMatchObject({
    code: 'session-failed',
    message: expect.stringContaining(`token ${String(outside[0])}`) as string,
  });
});

test('files of another kind are refused', async () => {
  const [core] = files.rows;
  if (core === undefined) return;
  await expect(createBert({ ...files, model: core }, 'simd', 1)).rejects.toMatchObject({
    code: 'session-failed',
    message: expect.stringContaining('photoglot-rows') as string,
  });
  const cut = { ...files, model: files.model.slice(0, 50_000) };
  await expect(createBert(cut, 'simd', 1)).rejects.toMatchObject({ code: 'session-failed' });
  const none = { ...files, model: new Blob(['<!doctype html><title>Not found</title>']) };
  await expect(createBert(none, 'simd', 1)).rejects.toMatchObject({ code: 'session-failed' });
});
