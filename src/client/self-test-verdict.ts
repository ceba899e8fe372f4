/**
 * Whether a model was right or wrong on this device before. It is not asked again as long as nothing
 * has changed that could change the answer: model, files, golden vectors, backend, adapter, browser,
 * ONNX Runtime.
 */
import type { ModelManifest } from '../models/manifest';
import { variantFiles } from '../models/variant-files';
import { ORT_VERSION } from '../protocol/ort-version';
import type { Tower } from '../protocol/tower-contract';
import type { WebGpuCapabilities } from './capability-report';
import { deviceFacts } from './gpu-adapter';
import { keepVerdict, keptVerdict, type VerdictKey } from './kept-verdicts';
import { providerOf, type TowerCandidate } from './tower-candidates';

/**
 * Milliseconds after which a failure is put to the test again: a driver's update may have mended it,
 * and no page is told of those.
 */
const FAILURE_LAPSES_MS = 7 * 24 * 60 * 60 * 1000;

/** How the self-test ended. */
export type SelfTestVerdict = { readonly passed: true } | FailedTest;

interface FailedTest {
  readonly passed: false;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly message: string;
}

/** Null where the answer cannot be kept: a file's digest is not known, so it may be any file. */
export async function selfTestKey(
  manifest: ModelManifest,
  tower: Tower,
  candidate: TowerCandidate,
  adapter: WebGpuCapabilities | null,
): Promise<VerdictKey | null> {
  const { id, version, dimension, files, golden } = manifest;
  const { variant } = candidate;
  const provider = providerOf(candidate);
  const other = tower === 'text' ? manifest.text.tokenizer : manifest.image.projector?.file;
  const names = [...variantFiles(variant).map(({ file }) => file), ...(other ? [other] : [])];
  const digests = names.map((name) => files[name]?.sha256);
  if (digests.includes(undefined)) return null;
  const all = [
    ...[ORT_VERSION, id, version, dimension, golden[tower]],
    // Names, geometry, tokens; which variants there are besides does not matter.
    { ...manifest[tower], backends: null },
    ...[variant, provider, digests, deviceFacts(provider === 'webgpu' ? adapter : null)],
  ];
  const of = await digestOf(JSON.stringify(all));
  return of === null ? null : { slot: `self-test:${id}:${tower}:${provider}:${variant.file}`, of };
}

/** Null if there is none for this very key, or it has lapsed. */
export function keptSelfTest(key: VerdictKey): SelfTestVerdict | null {
  const kept = keptVerdict(key) as { readonly [Name in keyof FailedTest]?: unknown } | null;
  if (kept?.passed === true) return { passed: true };
  if (kept?.passed !== false || typeof kept.since !== 'number') return null;
  if (Date.now() - kept.since >= FAILURE_LAPSES_MS) return null;
  const message = typeof kept.message === 'string' ? kept.message : '';
  return { passed: false, since: kept.since, message };
}

export function keepSelfTest(key: VerdictKey, verdict: SelfTestVerdict): void {
  keepVerdict(key, verdict);
}

/** Golden vectors are long, and only whether they are the same is of interest. */
async function digestOf(text: string): Promise<string | null> {
  // Absent outside secure contexts, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return null;
  const bytes = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes));
}
