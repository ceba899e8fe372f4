/** Which manifest a model comes by: new, kept, signed or refused; and where nothing can be kept. */
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { FaultyHost, otherOrigin } from '../delivery/test-workers/faulty-host';
import { TINY } from '../runtime/test-workers/tiny-models';
import { openModelCache } from './model-cache';
import type { ModelCache } from './model-cache-api';

/** The smallest file of the model; the others are not needed here. */
const FILE = 'projector.onnx';
const FILES = { files: [FILE] };

let models: ModelCache;
let manifest: string;
let content: string;

beforeEach(async () => {
  models = openModelCache();
  // What other tests have left.
  for (const { key } of await models.list()) await models.delete(key);
  manifest = await (await fetch(`${TINY.naflex}manifest.json`)).text();
  content = await base64(await (await fetch(TINY.naflex + FILE)).arrayBuffer());
});

afterEach(async () => {
  for (const { key } of await models.list().catch(() => [])) await models.delete(key);
  models.dispose();
});

async function base64(bytes: ArrayBuffer | string): Promise<string> {
  const url = await new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.readAsDataURL(new Blob([bytes]));
  });
  return url.slice(url.indexOf(',') + 1);
}

async function failureOf(call: Promise<unknown>): Promise<PhotoglotError> {
  const thrown: unknown = await call.catch((reason: unknown) => reason);
  if (thrown instanceof PhotoglotError) return thrown;
  throw new Error('The call did not fail as it should.', { cause: thrown });
}

/** A host with the manifest, and whatever lies beside it. */
async function host(
  text: string,
  rest: Readonly<Record<string, string>> = {},
  origin = location.origin,
): Promise<FaultyHost> {
  const others = Object.entries(rest).map(async ([name, value]) => [
    name,
    { base64: await base64(value) },
  ]);
  const files = {
    'manifest.json': { base64: await base64(text) },
    [FILE]: { base64: content },
    ...(Object.fromEntries(await Promise.all(others)) as Record<string, { base64: string }>),
  };
  return FaultyHost.start({ files }, origin);
}

/** The same model as a later version. */
function later(version: string): string {
  return JSON.stringify({ ...(JSON.parse(manifest) as object), version });
}

describe('without a network', () => {
  test('what is kept serves', async () => {
    const server = await host(manifest);
    const first = await models.download(server.url(''), FILES);
    expect(first.downloaded).toBeGreaterThan(0);
    await server.change({ rules: [{ kind: 'status', status: 503, times: 0 }] });
    const second = await models.download(server.url(''), FILES);
    expect(second).toMatchObject({ version: first.version, downloaded: 0, stored: true });
  });

  test('what is not kept fails, and says what could not be fetched', async () => {
    const server = await host(manifest);
    await models.download(server.url(''), FILES);
    const other = { files: ['tokenizer.json'] };
    await server.change({ rules: [{ kind: 'status', status: 404, times: 0 }] });
    const failure = await failureOf(models.download(server.url(''), other));
    expect(failure).toMatchObject({ code: 'network' });
    expect(failure.message).toContain('tokenizer.json');
    // And leaves what there was.
    expect((await models.download(server.url(''), FILES)).downloaded).toBe(0);
  });

  test('a page in place of the manifest counts as none', async () => {
    const server = await host(manifest);
    await models.download(server.url(''), FILES);
    await server.change({ rules: [{ kind: 'html', times: 0 }] });
    expect((await models.download(server.url(''), FILES)).downloaded).toBe(0);
    const fresh = await host('<!doctype html>');
    const failure = await failureOf(models.download(fresh.url(''), FILES));
    expect(failure).toMatchObject({ code: 'integrity' });
    expect(failure.message).toContain('is not JSON, expected a manifest');
  });
});

describe('a new version', () => {
  test('is noticed, and takes the place of the old one', async () => {
    const server = await host(later('1'));
    await models.download(server.url(''), FILES);
    await server.change({ files: { 'manifest.json': { base64: await base64(later('2')) } } });
    const second = await models.download(server.url(''), FILES);
    // Its file is the old one's, by its content.
    expect(second).toMatchObject({ version: '2', downloaded: 0 });
    expect((await models.list()).map(({ version }) => version)).toEqual(['2']);
  });

  test('that does not arrive leaves the old one', async () => {
    const server = await host(later('1'));
    await models.download(server.url(''), FILES);
    const changed = JSON.parse(later('2')) as { files: Record<string, object> };
    changed.files[FILE] = { ...changed.files[FILE], sha256: '00'.repeat(32), chunks: undefined };
    const text = await base64(JSON.stringify(changed));
    await server.change({ files: { 'manifest.json': { base64: text } } });
    const failure = await failureOf(models.download(server.url(''), FILES));
    expect(failure.code).toBe('integrity');
    expect(await models.list()).toMatchObject([
      { version: '2', complete: false },
      { version: '1', complete: true },
    ]);
    // The old manifest again: nothing is fetched.
    await server.change({ files: { 'manifest.json': { base64: await base64(later('1')) } } });
    expect((await models.download(server.url(''), FILES)).downloaded).toBe(0);
  });
});

describe('a signature', () => {
  let publicKey: string;
  let sign: (text: string) => Promise<string>;

  beforeEach(async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    publicKey = await base64(await crypto.subtle.exportKey('raw', pair.publicKey));
    sign = async (text) => {
      const bytes = new TextEncoder().encode(text);
      return base64(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes));
    };
  });

  test('that is right makes a signed model, also without a network', async () => {
    const server = await host(manifest, { 'manifest.json.sig': await sign(manifest) });
    const first = await models.download(server.url(''), { ...FILES, publicKey });
    expect(first.integrity).toBe('signed');
    await server.change({ rules: [{ kind: 'status', status: 503, times: 0 }] });
    const second = await models.download(server.url(''), { ...FILES, publicKey });
    expect(second).toMatchObject({ integrity: 'signed', downloaded: 0 });
  });

  test('that comes to a model that is kept is kept, too', async () => {
    const server = await host(manifest, { 'manifest.json.sig': await sign(manifest) });
    await models.download(server.url(''), FILES);
    const signed = await models.download(server.url(''), { ...FILES, publicKey });
    expect(signed).toMatchObject({ integrity: 'signed', downloaded: 0 });
    await models.download(server.url(''), FILES);
    await server.change({ rules: [{ kind: 'status', status: 503, times: 0 }] });
    const offline = await models.download(server.url(''), { ...FILES, publicKey });
    expect(offline.integrity).toBe('signed');
  });

  test('that is missing, or of another text, is refused', async () => {
    const unsigned = await host(manifest);
    const failure = await failureOf(models.download(unsigned.url(''), { ...FILES, publicKey }));
    expect(failure).toMatchObject({ code: 'signature-invalid' });
    const altered = await host(later('9'), { 'manifest.json.sig': await sign(manifest) });
    await expect(models.download(altered.url(''), { ...FILES, publicKey })).rejects.toMatchObject({
      code: 'signature-invalid',
    });
    expect(await models.list()).toEqual([]);
  });

  test('is asked for of what was kept without one, too: it serves nobody who wants one', async () => {
    const server = await host(manifest);
    await models.download(server.url(''), FILES);
    await server.change({ rules: [{ kind: 'status', status: 403, times: 0 }] });
    await expect(models.download(server.url(''), { ...FILES, publicKey })).rejects.toMatchObject({
      code: 'network',
    });
  });

  test('that is right at the second host makes up for a wrong one at the first', async () => {
    const altered = await host(later('9'), { 'manifest.json.sig': await sign(manifest) });
    const mirror = await host(manifest, { 'manifest.json.sig': await sign(manifest) });
    const options = { ...FILES, publicKey, mirrors: [mirror.url('')] };
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await models.download(altered.url(''), options)).toMatchObject({
      integrity: 'signed',
      version,
    });
  });
});

test('a manifest that does not come at once is asked for again', async () => {
  const server = await host(manifest);
  await server.change({ rules: [{ kind: 'status', status: 503, file: 'manifest.json' }] });
  expect((await models.download(server.url(''), FILES)).integrity).toBe('verified');
});

test('a mirror on another origin serves manifest and files when the first host is gone', async () => {
  const mirror = await host(manifest, {}, await otherOrigin());
  const gone = await FaultyHost.start({ files: {} });
  const mirrored = await models.download(gone.url(''), { ...FILES, mirrors: [mirror.url('')] });
  expect(mirrored.integrity).toBe('verified');
  expect((await models.download(gone.url(''), FILES)).downloaded).toBe(0);
});

test('where a newer release keeps its models, nothing is kept, and all works', async () => {
  models.dispose();
  await deleteDB('photoglot-models');
  const newer = await openDB('photoglot-models', 99);
  models = openModelCache();
  try {
    const server = await host(manifest);
    const done = await models.download(server.url(''), FILES);
    expect(done.stored).toBe(false);
    expect(done.files[FILE]?.size).toBeGreaterThan(0);
    await expect(models.list()).rejects.toMatchObject({ code: 'storage-version' });
  } finally {
    newer.close();
    await deleteDB('photoglot-models');
  }
});

test('a model in use cannot be deleted', async () => {
  const server = await host(manifest);
  const { key } = await models.download(server.url(''), FILES);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const holding = navigator.locks.request(`photoglot-model:${key}`, { mode: 'shared' }, () => held);
  await expect(models.delete(key)).rejects.toMatchObject({ code: 'in-use' });
  release();
  await holding;
  expect(await models.delete(key)).toBe(true);
});
