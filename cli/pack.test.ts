/** `photoglot pack`, on copies of models that `training/export` made. */
import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelManifest } from '../src/models/manifest';
import { parseManifest } from '../src/models/parse-manifest';
import { copiedModel, FIXTURES, photoglot, readJson, temporaryFolder } from './run-photoglot';

const MIB = 2 ** 20;
const LARGE = 'text.fp32.onnx_data';

test('describes all files, with the digests of chunks where there is more than one', async () => {
  const folder = await copiedModel('tiny-naflex');
  const before = await readJson<ModelManifest>(folder, 'manifest.json');
  const stripped = { later: { kept: true }, ...before, files: { [LARGE]: { note: 'kept' } } };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(stripped));

  const { status, out } = await photoglot('pack', folder, '--chunk-size', '1');

  expect(status).toBe(0);
  expect(out).toMatch(/^text\.fp32\.onnx_data\s+2,882,304\s+3\s+863a6884aca469d3…$/m);
  const { files, ...rest } = await readJson<ModelManifest>(folder, 'manifest.json');
  const { [LARGE]: large, ...others } = files;
  const { [LARGE]: largeBefore, ...othersBefore } = before.files;
  expect(others).toEqual(othersBefore);
  const bytes = await readFile(join(folder, LARGE));
  const pieces = [0, 1, 2].map((at) => sha256(bytes.subarray(at * MIB, (at + 1) * MIB)));
  expect(large).toEqual({ ...largeBefore, note: 'kept', chunks: { size: MIB, sha256: pieces } });
  expect({ ...rest, files: before.files }).toEqual({ ...before, later: { kept: true } });
  expect(() => parseManifest({ ...rest, files })).not.toThrow();
});

test('packing again changes nothing, not even the file', async () => {
  const folder = await copiedModel('tiny-fixed');
  await photoglot('pack', folder);
  const first = await readFile(join(folder, 'manifest.json'), 'utf8');
  const { mtimeMs } = await stat(join(folder, 'manifest.json'));
  const { out } = await photoglot('pack', folder);
  expect(out).toContain('up to date');
  expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe(first);
  expect((await stat(join(folder, 'manifest.json'))).mtimeMs).toBe(mtimeMs);
});

test('missing and unnamed files are listed, and nothing is written', async () => {
  const folder = await copiedModel('tiny-fixed');
  await rename(join(folder, 'image.int8.onnx'), join(folder, 'image.q4.onnx'));
  await rm(join(folder, 'tokenizer.json'));
  await writeFile(join(folder, 'README.md'), 'The model card is no part of the model.');
  const before = await readFile(join(folder, 'manifest.json'), 'utf8');
  const { status, errors } = await photoglot('pack', folder);
  expect(status).toBe(1);
  expect(errors).toContain('not in the folder: tokenizer.json, image.int8.onnx.');
  expect(errors).toContain('does not name: image.q4.onnx.');
  expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe(before);
});

test('a file can be ignored; an entry without file and use is dropped, and said', async () => {
  const folder = await copiedModel('tiny-fixed');
  const manifest = await readJson<ModelManifest>(folder, 'manifest.json');
  const files = { ...manifest.files, 'text.q4.onnx': { size: 1 } };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, files }));
  await writeFile(join(folder, 'notes.txt'), 'note');
  const { status, out } = await photoglot('pack', folder, '--ignore', 'notes.txt');
  expect(status).toBe(0);
  expect(out).toContain('No longer described: text.q4.onnx.');
  expect((await readJson<ModelManifest>(folder, 'manifest.json')).files).toEqual(manifest.files);
});

test('--base gives everything but the files', async () => {
  const folder = await copiedModel('tiny-fixed');
  await rm(join(folder, 'manifest.json'));
  const base = join(FIXTURES, 'tiny-fixed/manifest.json');
  expect((await photoglot('pack', folder, '--base', base)).status).toBe(0);
  expect(await readJson(folder, 'manifest.json')).toEqual(await readJson(base));
});

test('without a manifest it says what is needed', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'model.onnx'), 'bytes');
  const { status, errors } = await photoglot('pack', folder);
  expect(status).toBe(1);
  expect(errors).toContain('docs/models.md');
  expect(errors).toContain('--listing');
});

test('--listing describes files that are no lens', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'model.onnx'), 'bytes');
  await writeFile(join(folder, 'LICENSE'), 'MIT');
  await writeFile(join(folder, '.gitattributes'), '*.onnx filter=lfs');
  const listing = {
    id: '@org/model',
    version: '1.0',
    files: { 'model.onnx': { size: 5, sha256: sha256('bytes') } },
  };
  for (const round of ['first', 'again']) {
    expect((await photoglot('pack', folder, '--listing', '@org/model@1.0')).status, round).toBe(0);
    expect(await readJson(folder, 'listing.json'), round).toEqual(listing);
  }
});

test('--listing has the digests of chunks, where there is more than one', async () => {
  const folder = await temporaryFolder();
  const bytes = Buffer.alloc(2.5 * MIB, 'content');
  await writeFile(join(folder, 'large.onnx'), bytes);
  await writeFile(join(folder, 'small.onnx'), 'bytes');
  await photoglot('pack', folder, '--listing', 'model@1', '--chunk-size', '1');
  const pieces = [0, 1, 2].map((at) => sha256(bytes.subarray(at * MIB, (at + 1) * MIB)));
  const large = { size: bytes.length, sha256: sha256(bytes) };
  const { files } = await readJson<{ files: unknown }>(folder, 'listing.json');
  expect(files).toEqual({
    'large.onnx': { ...large, chunks: { size: MIB, sha256: pieces } },
    'small.onnx': { size: 5, sha256: sha256('bytes') },
  });
  await photoglot('pack', folder, '--listing', 'model@1');
  const { files: whole } = await readJson<{ files: unknown }>(folder, 'listing.json');
  expect(whole).toMatchObject({ 'large.onnx': large });
  expect(whole).not.toHaveProperty(['large.onnx', 'chunks']);
});

test('what a client would refuse is not written', async () => {
  const folder = await copiedModel('tiny-fixed');
  await writeFile(join(folder, 'tokenizer.json'), '');
  expect((await photoglot('pack', folder)).errors).toContain('tokenizer.json is empty');
  const manifest = await readJson<ModelManifest>(folder, 'manifest.json');
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, dimension: 7 }));
  const { status, errors } = await photoglot('pack', folder);
  expect(status).toBe(1);
  expect(errors).toContain('expected 7 float32 numbers');
  await writeFile(join(folder, 'manifest.json'), '<html>');
  expect((await photoglot('pack', folder)).errors).toContain('is not JSON');
});

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
