/** What the verdict of a self-test depends on, and that it is kept. */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { WebGpuCapabilities } from './capability-report';
import type { VerdictKey } from './kept-verdicts';
import { keepSelfTest, keptSelfTest, selfTestKey } from './self-test-verdict';
import { FORMS } from './test-workers/altered-model';
import type { TowerCandidate } from './tower-candidates';

const OTHER = 'ff'.repeat(32);
const onGpu: TowerCandidate = { device: 'webgpu', variant: FORMS.image.fp32 };
const onCpu: TowerCandidate = { device: 'wasm', variant: FORMS.image.fp32 };
const adapter = { vendor: 'acme', architecture: 'one', description: '' } as WebGpuCapabilities;

let manifest: ModelManifest;
beforeAll(async () => {
  manifest = parseManifest(await (await fetch(`${TINY.naflex}manifest.json`)).json());
});
beforeEach(() => {
  localStorage.clear();
});
afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

interface Case {
  readonly manifest?: (manifest: ModelManifest) => ModelManifest;
  readonly candidate?: TowerCandidate;
  readonly adapter?: WebGpuCapabilities | null;
}

async function keyOf(changes: Case = {}): Promise<VerdictKey> {
  const changed = changes.manifest?.(manifest) ?? manifest;
  const { candidate = onGpu, adapter: gpu = adapter } = changes;
  const key = await selfTestKey(changed, 'image', candidate, gpu);
  if (key === null) throw new Error('there is no key');
  return key;
}

/** A file with another digest. */
function withFile(name: string): (manifest: ModelManifest) => ModelManifest {
  return (all) => ({ ...all, files: { ...all.files, [name]: { size: 1, sha256: OTHER } } });
}

test('a verdict is kept as it was', async () => {
  const key = await keyOf();
  expect(keptSelfTest(key)).toBeNull();
  keepSelfTest(key, { passed: true });
  expect(keptSelfTest(await keyOf())).toEqual({ passed: true });
  const failed = { passed: false, since: Date.now(), message: 'cosine 0.1' } as const;
  keepSelfTest(key, failed);
  expect(keptSelfTest(await keyOf())).toEqual(failed);
  expect(localStorage).toHaveLength(1);
});

test('a failure lapses after a week, as a driver’s update may have mended it', async () => {
  const key = await keyOf();
  const week = 7 * 24 * 60 * 60 * 1000;
  const since = Date.now() - week;
  keepSelfTest(key, { passed: false, since, message: '' });
  expect(keptSelfTest(key)).toBeNull();
  keepSelfTest(key, { passed: false, since: since + 60_000, message: '' });
  expect(keptSelfTest(key)).toMatchObject({ passed: false });
});

describe('a verdict does not hold for', () => {
  test.each<[string, Case]>([
    ['another model', { manifest: (all) => ({ ...all, id: 'other' }) }],
    ['another version', { manifest: (all) => ({ ...all, version: '2' }) }],
    ['another graph', { manifest: withFile('image.fp32.onnx') }],
    ['other weights', { manifest: withFile('image.fp32.onnx_data') }],
    ['another projector', { manifest: withFile('projector.onnx') }],
    [
      'another preprocessing',
      { manifest: (all) => ({ ...all, image: { ...all.image, filter: 'bicubic' } }) },
    ],
    ['other golden vectors', { manifest: (all) => ({ ...all, golden: { text: [], image: [] } }) }],
    ['another variant', { candidate: { ...onGpu, variant: FORMS.image.int8 } }],
    ['another backend', { candidate: onCpu }],
    ['another adapter', { adapter: { ...adapter, architecture: 'two' } }],
    ['no adapter', { adapter: null }],
  ])('%s', async (_, changes) => {
    keepSelfTest(await keyOf(), { passed: true });
    expect(keptSelfTest(await keyOf(changes))).toBeNull();
  });

  test('another browser', async () => {
    keepSelfTest(await keyOf(), { passed: true });
    vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue('another');
    expect(keptSelfTest(await keyOf())).toBeNull();
  });
});

describe('a verdict holds', () => {
  test('on WASM, whatever the adapter', async () => {
    keepSelfTest(await keyOf({ candidate: onCpu }), { passed: true });
    expect(keptSelfTest(await keyOf({ candidate: onCpu, adapter: null }))).not.toBeNull();
  });

  test('when files change that the tower does not use', async () => {
    keepSelfTest(await keyOf(), { passed: true });
    expect(keptSelfTest(await keyOf({ manifest: withFile('text.fp32.onnx') }))).not.toBeNull();
  });
});

test('nothing is kept of files whose digests are not known', async () => {
  const unknown = { ...manifest, files: { ...manifest.files, 'image.fp32.onnx': { size: 1 } } };
  expect(await selfTestKey(unknown, 'image', onGpu, adapter)).toBeNull();
});

describe('no harm is done by', () => {
  test.each([
    ['not JSON', '{'],
    ['an entry of another form', '{"version":2,"of":"x","verdict":{"passed":true}}'],
    ['null', 'null'],
  ])('%s in the place', async (_, entry) => {
    const key = await keyOf();
    localStorage.setItem(`photoglot-verdict:${key.slot}`, entry);
    expect(keptSelfTest(key)).toBeNull();
  });

  test('a verdict that is none', async () => {
    const key = await keyOf();
    for (const verdict of [{}, { passed: 'yes' }, { passed: false }, []]) {
      const entry = JSON.stringify({ version: 1, of: key.of, verdict });
      localStorage.setItem(`photoglot-verdict:${key.slot}`, entry);
      expect(keptSelfTest(key)).toBeNull();
    }
  });

  test('storage that is denied', async () => {
    const key = await keyOf();
    vi.spyOn(globalThis, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    keepSelfTest(key, { passed: true });
    expect(keptSelfTest(key)).toBeNull();
    vi.restoreAllMocks();
  });
});
