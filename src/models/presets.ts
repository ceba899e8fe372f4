/**
 * Public exports of BGE-M3 and SigLIP 2 on the Hugging Face hub, as lists of files for the model
 * cache: it downloads, resumes, keeps and evicts them, and an application of its own runs them.
 *
 * They are no lens. A lens needs a manifest and two towers that answer in one space: these need a
 * trained projector between them, and BGE-M3 its sparse and ColBERT heads, which these exports
 * lack; `training/export` makes such a model of the checkpoints (docs/models.md).
 *
 * Sizes and digests of the files are not known here, so the cache takes them with
 * `integrity: 'first-use'` only: the first download decides what is right.
 */
import { PhotoglotError } from '../errors';

/** Has the shape of the model cache's listings. */
export interface PresetListing {
  /** Repository and number format, such as `Xenova/bge-m3/int8`. */
  readonly id: string;
  /** The revision. */
  readonly version: string;
  /** Absolute URL of the folder that the names are relative to, ending in `/`. */
  readonly url: string;
  readonly files: Readonly<Record<string, { readonly size?: number; readonly sha256?: string }>>;
}

export interface PresetOptions<Dtype extends string> {
  /** Number format of the weights. */
  readonly dtype: Dtype;
  /**
   * Commit of the repository, 40 hex digits, which pins what is downloaded: the address then always
   * means the same bytes. A branch or tag may move, and then two users may have different files.
   * @default 'main', which is not pinned
   */
  readonly revision?: string;
  /** Where the hub's layout `<repository>/resolve/<revision>/<file>` is served: a mirror, or your own server. @default 'https://huggingface.co/' */
  readonly hub?: string;
}

/** About 570 MB in int8 (dynamic quantization), 1.13 GB in fp16. */
export type BgeM3Dtype = 'int8' | 'fp16';

/** About 372 MB in fp32, 186 MB in fp16. */
export type Siglip2VisionDtype = 'fp32' | 'fp16';

const BGE_M3 = 'Xenova/bge-m3';
const BGE_M3_FILES: Readonly<Record<BgeM3Dtype, readonly string[]>> = {
  int8: ['onnx/model_quantized.onnx', 'tokenizer.json'],
  fp16: ['onnx/model_fp16.onnx', 'tokenizer.json'],
};

const SIGLIP2_VISION = 'onnx-community/siglip2-base-patch16-naflex-ONNX';
const SIGLIP2_VISION_FILES: Readonly<Record<Siglip2VisionDtype, readonly string[]>> = {
  fp32: ['onnx/vision_model.onnx', 'onnx/vision_model.onnx_data'],
  // Not seen in a listing: as the publisher names this format everywhere else.
  fp16: ['onnx/vision_model_fp16.onnx'],
};

/**
 * Xenova's export of BGE-M3: token vectors (`last_hidden_state`), of which the first, brought to
 * length 1, is the dense vector; and its `tokenizer.json`.
 */
export function bgeM3Preset(options: PresetOptions<BgeM3Dtype>): PresetListing {
  return listing(BGE_M3, BGE_M3_FILES, options);
}

/**
 * The ONNX community's export of the vision tower of SigLIP 2 base NaFlex: patches, mask and grids
 * → `pooler_output` `[B,768]`, not normalised, and in SigLIP's own space.
 */
export function siglip2VisionPreset(options: PresetOptions<Siglip2VisionDtype>): PresetListing {
  return listing(SIGLIP2_VISION, SIGLIP2_VISION_FILES, options);
}

function listing<Dtype extends string>(
  repository: string,
  files: Readonly<Record<Dtype, readonly string[]>>,
  { dtype, revision = 'main', hub = 'https://huggingface.co/' }: PresetOptions<Dtype>,
): PresetListing {
  if (!Object.hasOwn(files, dtype)) {
    throw wrong('dtype', dtype, Object.keys(files).join(' or '));
  }
  // A commit, a branch or a tag. The hub takes a slash within a name only when it is encoded.
  if (!/^\w[\w./-]*$/.test(revision)) throw wrong('revision', revision, 'a commit hash');
  const folder = `${repository}/resolve/${encodeURIComponent(revision)}/`;
  return {
    // The format is part of the name: int8 and fp16 of one commit are two models to keep.
    id: `${repository}/${dtype}`,
    version: revision,
    url: new URL(folder, hubUrl(hub)).href,
    files: Object.fromEntries(files[dtype].map((name) => [name, {}])),
  };
}

function hubUrl(hub: string): URL {
  // Without the slash the last part of a mirror's path would be replaced instead of continued.
  const folder = hub.endsWith('/') ? hub : `${hub}/`;
  const url = URL.canParse(folder) ? new URL(folder) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw wrong('hub', hub, 'an absolute http(s) URL');
}

function wrong(option: string, got: string, expected: string): PhotoglotError {
  const message = `The preset's "${option}" is wrong: got "${got}", expected ${expected}.`;
  return new PhotoglotError('invalid-input', message);
}
