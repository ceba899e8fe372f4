/** Manifests from servers that misbehave: from them in the end, from a mirror, or what is kept. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { FaultFile, FaultOptions, FaultRule } from '../../scripts/fault-types.mjs';
import { isPhotoglotError } from '../errors';
import type { DeliverySource } from '../protocol/delivery-contract';
import { loadManifest } from './load-manifest';
import type { ManifestRules } from './manifest-rules';
import { MemoryStorage } from './memory-storage';
import { modelKey } from './model-key';
import { FaultyHost } from './test-workers/faulty-host';

const TEXT = '{"name":"Modèle"}';
const OLD = '{"name":"old"}';
const RULES: Partial<ManifestRules> = { backoffMs: 1, longestBackoffMs: 4 };

let publicKey: string;
let signature: string;

beforeAll(async () => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  publicKey = base64(await crypto.subtle.exportKey('raw', pair.publicKey));
  signature = base64(await crypto.subtle.sign('Ed25519', pair.privateKey, utf8(TEXT)));
});

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function file(text: string): FaultFile {
  return { base64: base64(utf8(text)) };
}

interface Served {
  readonly manifest?: FaultFile;
  /** Null for none. @default the right one */
  readonly sig?: string | null;
  readonly rules?: FaultRule[];
  readonly options?: FaultOptions;
}

function host({ manifest = file(TEXT), sig = signature, rules, options }: Served = {}) {
  const files = { 'manifest.json': manifest };
  const all = sig === null ? files : { ...files, 'manifest.json.sig': file(`${sig}\n`) };
  return FaultyHost.start({ files: all, rules: rules ?? [], options: options ?? {} });
}

interface Wanted {
  readonly key?: string | null;
  readonly rules?: Partial<ManifestRules>;
  readonly storage?: MemoryStorage;
  readonly signal?: AbortSignal;
}

/** Text of the manifest from the hosts, in turn. */
async function load([first, ...mirrors]: FaultyHost[], wanted: Wanted = {}): Promise<string> {
  const { key = null, rules, storage = new MemoryStorage() } = wanted;
  const source: DeliverySource = {
    from: first?.url('') ?? '',
    mirrors: mirrors.map((mirror) => mirror.url('')),
    integrity: 'required',
    publicKey: key,
    storage: 'memory',
  };
  const signal = wanted.signal ?? new AbortController().signal;
  return (await loadManifest(source, storage, signal, { ...RULES, ...rules })).text;
}

/** A storage with a model of the host's address. */
async function keeping(
  server: FaultyHost,
  text: string,
  sig: string | null = null,
): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  await storage.writeModel({
    key: modelKey(server.url('')),
    id: 'model',
    version: '1',
    manifest: { text, signature: sig },
    files: {},
    integrity: 'verified',
    addedAt: 0,
    usedAt: 0,
  });
  return storage;
}

async function failureOf(call: Promise<unknown>): Promise<string> {
  const thrown: unknown = await call.catch((reason: unknown) => reason);
  return isPhotoglotError(thrown) ? `${thrown.code}: ${thrown.message}` : String(thrown);
}

describe('with a copy that is kept', () => {
  test('a server that stalls is waited for as long as patience lasts', async () => {
    for (const rule of [
      { kind: 'stall', times: 0 },
      { kind: 'stall', after: 5, times: 0 },
    ] satisfies FaultRule[]) {
      const server = await host({ rules: [rule] });
      const storage = await keeping(server, OLD);
      expect(await load([server], { storage, rules: { patienceMs: 200 } })).toBe(OLD);
    }
  });

  test('a server that fails is not asked again, but the mirrors are', async () => {
    const down = await host({ rules: [{ kind: 'status', status: 503, times: 0 }] });
    const storage = await keeping(down, OLD);
    expect(await load([down], { storage })).toBe(OLD);
    expect(await down.log()).toHaveLength(1);
    expect(await load([down, await host()], { storage })).toBe(TEXT);
  });

  test('a signature that cannot be fetched is no reason to refuse a signed one', async () => {
    const rules: FaultRule[] = [{ kind: 'status', status: 500, file: 'manifest.json.sig' }];
    const server = await host({ manifest: file(OLD), rules });
    const storage = await keeping(server, TEXT, signature);
    expect(await load([server], { storage, key: publicKey })).toBe(TEXT);
  });

  test('one that is not signed serves nobody who wants a signature', async () => {
    const server = await host({ rules: [{ kind: 'status', status: 503, times: 3 }] });
    const storage = await keeping(server, TEXT);
    expect(await load([server], { storage, key: publicKey })).toBe(TEXT);
    await server.change({ rules: [{ kind: 'status', status: 503, times: 0 }] });
    expect(await failureOf(load([server], { storage, key: publicKey }))).toMatch(/^network: /);
  });

  test('an abort is an abort', async () => {
    const server = await host({ rules: [{ kind: 'stall', times: 0 }] });
    const storage = await keeping(server, OLD);
    const { signal, abort } = abortable();
    const loading = load([server], { storage, signal });
    abort();
    expect(await failureOf(loading)).toMatch(/^aborted: The call was aborted/);
  });
});

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  return { signal: controller.signal, abort };
}

describe('the first time', () => {
  test.each<[string, FaultRule]>([
    ['is down', { kind: 'status', status: 503, times: 5 }],
    ['asks for a moment', { kind: 'status', status: 429, retryAfter: '0', times: 2 }],
    ['drops the connection', { kind: 'drop', after: 5 }],
    ['stalls', { kind: 'stall' }],
    ['stalls in the middle', { kind: 'stall', after: 5 }],
  ])('a server that %s is asked again', async (_, rule) => {
    const server = await host({ rules: [rule] });
    expect(await load([server], { rules: { stallMs: 500 } })).toBe(TEXT);
  });

  test('a server that is of no use is given up, and the mirror is asked', async () => {
    for (const [rule, attempts] of [
      [{ kind: 'status', status: 503, times: 0 }, 6],
      [{ kind: 'status', status: 404, times: 0 }, 1],
      [{ kind: 'status', status: 429, retryAfter: '61', times: 0 }, 1],
      [{ kind: 'html', times: 0 }, 1],
      [{ kind: 'truncate', after: 5, times: 0 }, 1],
    ] satisfies [FaultRule, number][]) {
      const server = await host({ rules: [rule] });
      expect(await load([server, await host()])).toBe(TEXT);
      expect(await server.log()).toHaveLength(attempts);
    }
    const stalled = await host({ rules: [{ kind: 'stall', times: 0 }] });
    const rules = { stallMs: 50, failures: 2 };
    expect(await load([stalled, await host()], { rules })).toBe(TEXT);
  });

  test('what is too large is not read to its end', async () => {
    const size = 64 * 2 ** 20;
    const server = await host({ manifest: { size, seed: 1 }, options: { contentLength: false } });
    expect(await failureOf(load([server]))).toMatch(
      /^integrity: .*manifest\.json has 16 MiB or more, expected a small file/,
    );
    expect((await server.log())[0]?.bytes).toBeLessThan(size);
  });

  test('the error says what was tried, at all hosts, and what to do', async () => {
    const stalled = await host({ rules: [{ kind: 'stall', times: 0 }] });
    const gone = await host({ rules: [{ kind: 'status', status: 404, times: 0 }] });
    const failure = await failureOf(load([stalled, gone], { rules: { stallMs: 50, failures: 2 } }));
    expect(failure).toBe(
      `network: ${stalled.url('manifest.json')} could not be fetched: the server sent nothing for ` +
        '0.05 s. It failed 2 times in a row. Check the connection and the server, and try again. ' +
        `Other hosts: ${gone.url('manifest.json')} could not be fetched: the server answered 404, ` +
        "expected 200. Is the model's folder served there, for everyone?",
    );
  });

  test('a byte order mark is refused as such', async () => {
    const server = await host({ manifest: file(`\uFEFF${TEXT}`) });
    const failure = await failureOf(load([server], { key: publicKey }));
    expect(failure).toMatch(/^integrity: .*begins with a byte order mark.*UTF-8 without one/);
  });

  test('an abort ends the wait between two attempts', async () => {
    const rules: FaultRule[] = [{ kind: 'status', status: 429, retryAfter: '50', times: 0 }];
    const server = await host({ rules });
    const { signal, abort } = abortable();
    const loading = failureOf(load([server], { signal }));
    await expect.poll(() => server.log()).toHaveLength(1);
    abort();
    expect(await loading).toMatch(/^aborted: /);
  });
});

describe('a signature', () => {
  const SIG = 'manifest.json.sig';

  test('that cannot be fetched at once is asked for again', async () => {
    for (const rule of [
      { kind: 'status', status: 503, file: SIG, times: 2 },
      { kind: 'drop', file: SIG },
      { kind: 'stall', file: SIG },
    ] satisfies FaultRule[]) {
      const server = await host({ rules: [rule] });
      expect(await load([server], { key: publicKey, rules: { stallMs: 500 } })).toBe(TEXT);
    }
  });

  test('that cannot be fetched at all is the network’s affair, and another host’s', async () => {
    const rules: FaultRule[] = [{ kind: 'status', status: 503, file: SIG, times: 0 }];
    const server = await host({ rules });
    expect(await failureOf(load([server], { key: publicKey }))).toMatch(
      /^network: .*\.sig could not be fetched: the server answered 503.*failed 6 times/,
    );
    expect(await load([server, await host()], { key: publicKey })).toBe(TEXT);
  });

  test.each<[string, Served]>([
    ['is not there', { sig: null }],
    ['is gone', { rules: [{ kind: 'status', status: 410, file: SIG, times: 0 }] }],
    ['is a page', { rules: [{ kind: 'html', file: SIG, times: 0 }] }],
    ['is a page that says that it is none', { sig: '<!doctype html>' }],
    ['is another’s', { manifest: file(OLD) }],
  ])('that %s is refused, unless a mirror has the right one', async (_, served) => {
    const server = await host(served);
    expect(await failureOf(load([server], { key: publicKey }))).toMatch(/^signature-invalid: /);
    expect(await load([server, await host()], { key: publicKey })).toBe(TEXT);
    // That it was refused is what counts, whatever else was the matter, and wherever.
    const down = await host({ rules: [{ kind: 'status', status: 404, times: 0 }] });
    expect(await failureOf(load([down, server], { key: publicKey }))).toMatch(
      /^signature-invalid: .*Other hosts: .*answered 404/,
    );
    // And it is refused though a signed copy is kept.
    const storage = await keeping(server, TEXT, signature);
    expect(await failureOf(load([server], { key: publicKey, storage }))).toMatch(
      /^signature-invalid: /,
    );
  });

  test('cannot be checked with a key that is none, and no host is asked', async () => {
    const servers = [await host(), await host()];
    expect(await failureOf(load(servers, { key: 'none' }))).toMatch(/^invalid-input: /);
    expect(await servers[1]?.log()).toHaveLength(0);
  });
});
