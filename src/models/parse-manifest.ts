/** Checks a `manifest.json` once, at the boundary: behind it the type can be relied on. */
import * as v from 'valibot';
import { normalise } from '../core/normalise';
import { PhotoglotError } from '../errors';
import { wrongEngine } from './check-engines';
import { FILE_PATH_WORDS, isFilePath } from './file-path';
import { decodeVector } from './golden-vectors';
import {
  MANIFEST_FORMAT_VERSION,
  type BackgroundCalibration,
  type GoldenVectors,
  type ModelFile,
  type ModelManifest,
} from './manifest';
import { fileReferences } from './file-references';

const positiveInteger = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const byte = v.pipe(v.number(), v.minValue(0), v.maxValue(255));
const tokenId = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.nonEmpty());
const sha256 = v.pipe(v.string(), matches(/^[0-9a-f]{64}$/, '64 lower-case hex digits'));
const filePath = v.pipe(v.string(), v.check(isFilePath, FILE_PATH_WORDS));

// Every object is loose: what a later release adds must survive being read by this one.
const file = v.looseObject({
  size: v.exactOptional(positiveInteger),
  sha256: v.exactOptional(sha256),
  chunks: v.exactOptional(v.looseObject({ size: positiveInteger, sha256: v.array(sha256) })),
});

const golden = v.array(
  v.looseObject({ input: v.string(), vector: v.pipe(v.string(), v.base64()) }),
);

const backend = v.picklist(['wasm', 'webgpu']);
const pack = v.looseObject({
  name,
  file: filePath,
  languages: v.exactOptional(v.pipe(v.array(name), v.minLength(1))),
});
const variant = v.looseObject({
  engine: v.exactOptional(v.picklist(['onnx', 'bert', 'siglip'])),
  file: filePath,
  data: v.exactOptional(v.array(filePath)),
  rows: v.exactOptional(v.pipe(v.array(pack), v.minLength(1))),
  projector: v.exactOptional(filePath),
  golden: v.exactOptional(golden),
  dtype: name,
  provider: v.exactOptional(backend),
  needs: v.exactOptional(v.array(name)),
});
const variants = v.pipe(v.array(variant), v.minLength(1));
const backends = v.looseObject({ wasm: variants, webgpu: variants });

const text = v.looseObject({
  tokenizer: filePath,
  maxTokens: positiveInteger,
  padId: tokenId,
  inputs: v.looseObject({ ids: name, mask: name }),
  output: name,
  words: v.exactOptional(
    v.looseObject({ input: name, vocabulary: positiveInteger, width: positiveInteger }),
  ),
  sparse: v.exactOptional(v.looseObject({ output: name, ignoredIds: v.array(tokenId) })),
  colbert: v.exactOptional(v.looseObject({ output: name, dimension: positiveInteger })),
  backends,
});

const geometry = v.variant('kind', [
  v.looseObject({
    kind: v.literal('fixed'),
    width: positiveInteger,
    height: positiveInteger,
    fit: v.picklist(['squash', 'crop']),
    fraction: v.exactOptional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  }),
  v.looseObject({
    kind: v.literal('area'),
    area: positiveInteger,
    multiple: positiveInteger,
    maxAspect: v.pipe(v.number(), v.minValue(1)),
  }),
  v.looseObject({
    kind: v.literal('patches'),
    patch: positiveInteger,
    maxPatches: positiveInteger,
  }),
]);

const image = v.looseObject({
  geometry,
  filter: v.picklist(['bilinear', 'bicubic']),
  mean: v.strictTuple([v.number(), v.number(), v.number()]),
  std: v.strictTuple([positive(), positive(), positive()]),
  background: v.strictTuple([byte, byte, byte]),
  inputs: v.looseObject({
    pixels: name,
    mask: v.exactOptional(name),
    shapes: v.exactOptional(name),
  }),
  output: name,
  features: v.exactOptional(positiveInteger),
  projector: v.exactOptional(v.looseObject({ file: filePath, input: name, output: name })),
  batch: positiveInteger,
  backends,
});

const calibration = v.looseObject({
  scale: v.number(),
  bias: v.number(),
  background: v.exactOptional(
    v.looseObject({ vector: v.pipe(v.string(), v.base64()), scale: v.number(), bias: v.number() }),
  ),
});

const manifest = v.looseObject({
  formatVersion: v.literal(MANIFEST_FORMAT_VERSION),
  id: name,
  version: name,
  dimension: positiveInteger,
  files: v.record(filePath, file),
  text,
  image,
  golden: v.looseObject({ text: golden, image: golden }),
  calibration: v.exactOptional(calibration),
  licence: name,
  provenance: v.string(),
});

/**
 * Turns parsed JSON into a manifest; unknown fields are kept. Throws `unsupported-format-version`
 * when it was written for a later release, and `manifest-invalid` naming the first wrong field.
 */
export function parseManifest(json: unknown): ModelManifest {
  const checked = parseUnpacked(json);
  checkReferences(checked);
  return checked;
}

/**
 * As {@link parseManifest}, but the files that it names need not be described yet: for tools that
 * are about to describe them.
 */
export function parseUnpacked(json: unknown): ModelManifest {
  refuseLaterFormat(json);
  const result = v.safeParse(manifest, json, { abortEarly: true });
  if (!result.success) throw invalid(v.getDotPath(result.issues[0]), result.issues[0]);
  for (const [key, described] of Object.entries(result.output.files)) checkChunks(key, described);
  checkInputs(result.output);
  checkEngines(result.output);
  checkVectors(result.output);
  return result.output;
}

/** Its other fields may have any shape, so the version is looked at before them. */
function refuseLaterFormat(json: unknown): void {
  if (typeof json !== 'object' || json === null || !('formatVersion' in json)) return;
  const { formatVersion } = json;
  if (typeof formatVersion !== 'number' || formatVersion <= MANIFEST_FORMAT_VERSION) return;
  throw new PhotoglotError(
    'unsupported-format-version',
    `The manifest has format version ${String(formatVersion)}; this release reads up to ` +
      `${String(MANIFEST_FORMAT_VERSION)}. Update the package, or use an older model.`,
  );
}

function checkReferences(checked: ModelManifest): void {
  const { files } = checked;
  for (const { field, file: key } of fileReferences(checked)) {
    if (files[key] !== undefined) continue;
    throw invalid(field, { expected: `one of ${Object.keys(files).join(', ')}`, received: key });
  }
}

/** A digest too few or too many would be noticed only when the file has arrived. */
function checkChunks(key: string, { size, chunks }: ModelFile): void {
  if (chunks === undefined) return;
  if (size === undefined) {
    const expected = `the file's size, as its chunks have digests`;
    throw invalid(`files.${key}.size`, { expected, received: 'undefined' });
  }
  const count = Math.ceil(size / chunks.size);
  if (chunks.sha256.length === count) return;
  const expected =
    `${String(count)}, as the file has ${String(size)} bytes ` +
    `and each chunk but the last ${String(chunks.size)}`;
  const received = `${String(chunks.sha256.length)} digests`;
  throw invalid(`files.${key}.chunks.sha256`, { expected, received });
}

/** Patches of different pictures run side by side only with a mask and their grids. */
function checkInputs({
  image: {
    geometry: { kind },
    inputs,
  },
}: ModelManifest): void {
  if (kind !== 'patches') return;
  for (const input of ['mask', 'shapes'] as const) {
    if (inputs[input] !== undefined) continue;
    const expected = 'the name of an input, as the geometry is of patches';
    throw invalid(`image.inputs.${input}`, { expected, received: 'undefined' });
  }
}

function checkEngines(checked: ModelManifest): void {
  const wrong = wrongEngine(checked);
  if (wrong !== null) throw invalid(wrong.path, wrong);
}

function checkVectors(checked: ModelManifest): void {
  const { golden, dimension, text, image, calibration: calibrated } = checked;
  checkGolden('golden.text', golden.text, dimension);
  checkGolden('golden.image', golden.image, dimension);
  const background = calibrated?.background;
  if (background !== undefined) checkBackground(background, dimension);
  for (const [tower, { backends: found }] of Object.entries({ text, image })) {
    for (const device of ['wasm', 'webgpu'] as const) {
      found[device].forEach(({ golden: own = [] }, index) => {
        checkGolden(`${tower}.backends.${device}.${String(index)}.golden`, own, dimension);
      });
    }
  }
}

function checkGolden(path: string, vectors: GoldenVectors['text'], dimension: number): void {
  vectors.forEach(({ vector }, index) => {
    checkLength(`${path}.${String(index)}.vector`, vector, dimension);
  });
}

function checkBackground({ vector }: BackgroundCalibration, dimension: number): void {
  const path = 'calibration.background.vector';
  checkLength(path, vector, dimension);
  if (normalise(decodeVector(vector)) !== null) return;
  throw invalid(path, { expected: 'finite numbers, not all 0', received: 'others' });
}

/** @param vector base64 */
function checkLength(path: string, vector: string, dimension: number): void {
  const bytes = atob(vector).length;
  if (bytes === dimension * 4) return;
  const expected = `${String(dimension)} float32 numbers`;
  throw invalid(path, { expected, received: `${String(bytes)} bytes` });
}

/** Not valibot's own: that would say the expression instead of what is meant. */
function matches(pattern: RegExp, meaning: string): v.CheckAction<string, string> {
  return v.check((value) => pattern.test(value), meaning);
}

function positive(): v.GenericSchema<number> {
  return v.pipe(v.number(), v.gtValue(0));
}

interface Finding {
  readonly expected: string | null;
  readonly received: string;
  readonly message?: string;
}

function invalid(path: string | null, finding: Finding): PhotoglotError {
  const where = path === null ? 'The manifest' : `The manifest's field "${path}"`;
  const expected = finding.expected ?? finding.message ?? 'another value';
  return new PhotoglotError(
    'manifest-invalid',
    `${where} is wrong: got ${finding.received}, expected ${expected}.`,
  );
}
