/** `photoglot verify` against hosts that are good, or bad in one way. */
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelManifest } from '../src/models/manifest';
import { copiedModel, FIXTURES, photoglot, readJson } from './run-photoglot';
import { GOOD_HEADERS, host, type Fault } from './test-host';

const FIXED = join(FIXTURES, 'tiny-fixed');
const LARGE = 'text.fp32.onnx_data';
const PAGE = 'https://app.example';

interface Finding {
  readonly level: 'fail' | 'advice';
  readonly check: string;
  readonly message: string;
}

interface Report {
  readonly ok: boolean;
  readonly model: { readonly id: string } | null;
  readonly pages: { readonly readable: boolean } | null;
  readonly findings: readonly Finding[];
  readonly files: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly bytes: number;
    readonly findings: readonly Finding[];
  }[];
}

/** The report, checked against the exit status, with the findings of all files in one list. */
async function verified(...args: string[]) {
  const { status, out, errors } = await photoglot('verify', '--json', ...args);
  expect(errors).toBe('');
  const report = JSON.parse(out) as Report;
  expect(status).toBe(report.ok ? 0 : 1);
  const all = [...report.findings, ...report.files.flatMap(({ findings }) => findings)];
  return { ...report, all, messages: all.map(({ message }) => message).join('\n') };
}

test('a good host has nothing to change', async () => {
  const folder = await copiedModel('tiny-naflex');
  await photoglot('pack', folder, '--chunk-size', '1');
  const { ok, all, files, pages, model } = await verified(await host({ folder }));
  expect(ok).toBe(true);
  expect(all).toEqual([]);
  expect(model?.id).toBe('tiny-naflex');
  expect(pages?.readable).toBe(true);
  const { files: described } = await readJson<ModelManifest>(folder, 'manifest.json');
  expect(files.map(({ name, bytes }) => [name, bytes])).toEqual(
    Object.entries(described).map(([name, { size }]) => [name, size]),
  );
});

test('people read a table, and what is wrong or could be better once for all files', async () => {
  const folder = await copiedModel('tiny-fixed');
  const faults = { 'tokenizer.json': 'wrong-byte' } as const;
  const url = await host({ folder, faults, headers: { 'access-control-allow-origin': '*' } });
  const { status, out } = await photoglot('verify', `${url}manifest.json`);
  expect(status).toBe(1);
  expect(out).toMatch(/^tokenizer\.json\s+5,178\s+BAD$/m);
  expect(out).toMatch(/^text\.int8\.onnx\s+38,199\s+good$/m);
  expect(out).toContain('\nWrong:\n- tokenizer.json: It has SHA-256 ');
  expect(out).toContain('\nAdvice:\n- All files: No ETag');
  expect(out.match(/No ETag/g)).toHaveLength(1);
  expect(out).toContain('Bad: 1 of 9 files are wrong.');
});

test.each<[Fault, 'fail' | 'advice', string, string]>([
  ['no-range', 'advice', 'range', 'status 200 instead of 206'],
  ['wrong-range', 'fail', 'range', 'Asked for bytes 0-134783, it sends bytes 1-134783.'],
  ['start-page', 'fail', 'content', 'It is an HTML page.'],
  ['wrong-byte', 'fail', 'digest', 'It has SHA-256 '],
  ['truncated', 'fail', 'range', 'It has 134783 bytes, expected 134784.'],
  ['broken', 'fail', 'network', 'It could not be read: '],
  ['compressed', 'advice', 'compression', 'Content-Encoding: gzip'],
])('%s', async (fault, level, check, message) => {
  const { ok, files, messages } = await verified(
    await host({ folder: FIXED, faults: { [LARGE]: fault } }),
  );
  expect(ok).toBe(level === 'advice');
  const { findings } = files.find(({ name }) => name === LARGE) ?? { findings: [] };
  expect(findings).toContainEqual(
    expect.objectContaining({ level, check, message: expect.stringContaining(message) as string }),
  );
  // The other files are none the worse for it.
  expect(files.filter((file) => file.name !== LARGE && file.findings.length > 0)).toEqual([]);
  expect(messages).toContain(message);
});

test('a wrong chunk is told by its place', async () => {
  const folder = await copiedModel('tiny-naflex');
  await photoglot('pack', folder, '--chunk-size', '1');
  const { messages } = await verified(await host({ folder, faults: { [LARGE]: 'wrong-byte' } }));
  expect(messages).toContain('in chunk 3, from byte 2097152 on');
});

test('a manifest that is missing, a start page, or none', async () => {
  const folder = await copiedModel('tiny-fixed');
  const faults = { 'manifest.json': 'start-page' } as const;
  const page = await verified(await host({ folder, faults }));
  expect(page.model).toBeNull();
  expect(page.messages).toContain('manifest.json is no JSON but an HTML page');
  await writeFile(join(folder, 'manifest.json'), '{ "formatVersion": 9 }');
  expect((await verified(await host({ folder }))).messages).toContain('format version 9');
  await rm(join(folder, 'manifest.json'));
  expect((await verified(await host({ folder }))).messages).toContain('There is no manifest.json');
});

test('a host that is not there', async () => {
  // No client connects to port 1.
  const { ok, messages } = await verified('http://127.0.0.1:1/');
  expect(ok).toBe(false);
  expect(messages).toContain('http://127.0.0.1:1/manifest.json could not be read: ');
});

test('permission for pages of other origins', async () => {
  const closed = { ...GOOD_HEADERS, 'access-control-allow-origin': 'https://other.example' };
  const url = await host({ folder: FIXED, headers: closed });
  const own = await verified(url, '--origin', new URL(url).origin);
  expect([own.ok, own.pages?.readable]).toEqual([true, true]);
  const some = await verified(url);
  expect(some.all).toMatchObject([{ level: 'advice', check: 'cors' }]);
  const required = await verified(url, '--origin', PAGE);
  expect(required.all).toMatchObject([{ level: 'fail', check: 'cors' }]);
  expect(required.messages).toContain(`expected "*" or "${PAGE}"`);
  const named = { ...GOOD_HEADERS, 'access-control-allow-origin': PAGE };
  expect((await verified(await host({ folder: FIXED, headers: named }), '--origin', PAGE)).ok).toBe(
    true,
  );
});

test('each host on the way has to permit, and behind a redirect the origin is "null"', async () => {
  const named = { ...GOOD_HEADERS, 'access-control-allow-origin': PAGE };
  const behind = await host({ folder: FIXED, headers: named });
  const options = { folder: FIXED, faults: { [LARGE]: 'elsewhere' } } as const;
  const first = await host({ ...options, elsewhere: behind });
  const refused = await verified(first, '--origin', PAGE);
  expect(refused.ok).toBe(false);
  expect(refused.messages).toContain(`"${PAGE}", expected "*" or "null"`);
  const open = await host({ folder: FIXED });
  expect((await verified(await host({ ...options, elsewhere: open }), '--origin', PAGE)).ok).toBe(
    true,
  );
});

test('headers that could be better', async () => {
  const headers = {
    ...GOOD_HEADERS,
    etag: 'W/"weak"',
    'access-control-expose-headers': 'ETag',
    'cache-control': 'public, max-age=31536000, immutable',
  };
  const { ok, all } = await verified(await host({ folder: FIXED, headers }));
  expect(ok).toBe(true);
  expect(new Set(all.map(({ check }) => check))).toEqual(
    new Set(['caching', 'etag', 'exposed-headers']),
  );
});

test('a folder: changed, missing, and not fetched by Git LFS', async () => {
  const folder = await copiedModel('tiny-fixed');
  expect((await verified(folder)).all).toEqual([]);
  await appendFile(join(folder, 'tokenizer.json'), ' ');
  await rm(join(folder, 'image.int8.onnx'));
  await writeFile(join(folder, LARGE), 'version https://git-lfs.github.com/spec/v1\noid sha256:0');
  const { files } = await verified(folder);
  const faults = files.filter((file) => !file.ok);
  expect(faults.map(({ name, findings }) => [name, findings[0]?.message])).toEqual([
    ['image.int8.onnx', 'It is not in the folder.'],
    [LARGE, 'It is a Git LFS pointer, not the file itself. Run "git lfs pull".'],
    ['tokenizer.json', expect.stringContaining('It has 5179 bytes, expected 5178.')],
  ]);
});

test('a file without a digest is an advice', async () => {
  const folder = await copiedModel('tiny-fixed');
  const manifest = await readJson<ModelManifest>(folder, 'manifest.json');
  const files = { ...manifest.files, 'tokenizer.json': {} };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, files }));
  for (const place of [folder, await host({ folder })]) {
    const { ok, all } = await verified(place);
    expect(ok).toBe(true);
    expect(all).toMatchObject([{ level: 'advice', check: 'digest' }]);
  }
});
