/**
 * `manifest.json` beside a model's files: everything the SDK needs to know to fetch, check, feed and
 * judge a model. Parsed and validated by `parse-manifest.ts`; unknown fields are kept.
 */
import type { Geometry } from '../core/geometry';

/** The format this code reads. A manifest with a higher number is refused. */
export const MANIFEST_FORMAT_VERSION = 1;

/** Where a tower computes. */
export type Backend = 'wasm' | 'webgpu';

/**
 * One file of the model, named by its path relative to the manifest. `npx photoglot pack` fills in
 * all of it. What has no digest is loaded only where the caller accepts what comes first.
 */
export interface ModelFile {
  /** Bytes. @default not known */
  readonly size?: number;
  /** Lower-case hex digest of the whole file. @default not known */
  readonly sha256?: string;
  /** Digests of consecutive pieces of `size` bytes (the last may be shorter); only beside the file's own `size`. @default none */
  readonly chunks?: { readonly size: number; readonly sha256: readonly string[] };
}

/** What runs a tower: ONNX Runtime, or own kernels for texts (BERT's kind) and for pictures (SigLIP 2 NaFlex). */
export type Engine = 'onnx' | 'bert' | 'siglip';

/** Rows of a table of words: those of some writing systems, as one file. */
export interface WordPack {
  readonly name: string;
  /** Key in {@link ModelManifest.files}. */
  readonly file: string;
  /** Those written so: language subtags such as `ja` (BCP 47). @default none: every language needs it */
  readonly languages?: readonly string[];
}

/** A form in which a tower can run: files and the number format of their weights. */
export interface TowerVariant {
  /** @default 'onnx' */
  readonly engine?: Engine;
  /** Key in {@link ModelManifest.files}: a graph, or for own kernels their weights as safetensors. */
  readonly file: string;
  /** Keys of the files with the graph's external weights, each by the name that the graph gives it. @default none */
  readonly data?: readonly string[];
  /**
   * The table of words, for the engine `bert`, and for graphs that take its rows as an input, named by
   * {@link TextTower.words}. @default it is in the graph
   */
  readonly rows?: readonly WordPack[];
  /** The projector for the engine `siglip`, in the place of the tower's own graph. @default none */
  readonly projector?: string;
  /**
   * What this form itself gives for golden inputs, where quantization moves them: the self-test then
   * judges the device, not the format. @default the model's {@link ModelManifest.golden}
   */
  readonly golden?: GoldenVectors['text'];
  /**
   * e.g. `int8` (dynamic), `int7` (7-bit weights, 8-bit activations), `int8-weights` (stored int8,
   * computed in fp32), `q4` and `w8` (4-bit and 8-bit weights in blocks, computed in fp32), `q4f16` and
   * `w8f16` (the same in fp16), `fp16`, `fp32`.
   */
  readonly dtype: string;
  /** The execution provider that serves this backend, where it is not the backend itself. @default the backend */
  readonly provider?: Backend;
  /** WebGPU features without which it does not run, e.g. `shader-f16`. @default none */
  readonly needs?: readonly string[];
}

/** Variants by backend, best first: the first that the device can run is taken. */
export type TowerBackends = Readonly<Record<Backend, readonly TowerVariant[]>>;

/** The text tower: token ids and mask `[B,T]` int64 → rows `[B,dimension]`, and per token what else it gives. */
export interface TextTower {
  /** Key in {@link ModelManifest.files}: a Hugging Face `tokenizer.json`. */
  readonly tokenizer: string;
  /** Longer inputs are cut. */
  readonly maxTokens: number;
  readonly padId: number;
  /** Names in the graph. */
  readonly inputs: { readonly ids: string; readonly mask: string };
  readonly output: string;
  /**
   * The input `[B,T,width]` float32 of graphs whose table of words is in packs ({@link TowerVariant.rows}),
   * and how many words there are. @default no graph has them there
   */
  readonly words?: {
    readonly input: string;
    readonly vocabulary: number;
    readonly width: number;
  };
  /** A weight per token, `[B,T]`, ≥ 0 (BGE-M3's sparse output). @default the model has none */
  readonly sparse?: {
    readonly output: string;
    /** Tokens whose weights do not count: the special ones. */
    readonly ignoredIds: readonly number[];
  };
  /** A vector for every token but the first, `[B,T−1,dimension]` (BGE-M3's ColBERT output). @default the model has none */
  readonly colbert?: { readonly output: string; readonly dimension: number };
  readonly backends: TowerBackends;
}

/**
 * The image tower: planar RGB `[B,3,H,W]`, or patches with their mask and grids, float32,
 * (x/255 − mean)/std → rows `[B,dimension]`, or `[B,features]` for a projector.
 */
export interface ImageTower {
  readonly geometry: Geometry;
  /** Resize filter, always antialiased (support grows with the reduction), as in Pillow. */
  readonly filter: 'bilinear' | 'bicubic';
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** What shows through transparent pixels, 0–255. */
  readonly background: readonly [number, number, number];
  /** Names in the graph; `mask` `[B,N]` and `shapes` `[B,2]` (rows, columns), int64, for patches only. */
  readonly inputs: { readonly pixels: string; readonly mask?: string; readonly shapes?: string };
  readonly output: string;
  /** Length of the output's rows. @default the model's dimension */
  readonly features?: number;
  /** A small graph `[B,features]` → `[B,dimension]` behind the tower. @default the tower ends in the shared space */
  readonly projector?: {
    /** Key in {@link ModelManifest.files}. */
    readonly file: string;
    readonly input: string;
    readonly output: string;
  };
  /** Pictures per run that index fastest. */
  readonly batch: number;
  readonly backends: TowerBackends;
}

/** Inputs with the vectors that the float model gives for them (`[dimension]`, base64 of little-endian float32). */
export interface GoldenVectors {
  readonly text: readonly { readonly input: string; readonly vector: string }[];
  /** `input` names a formula of `golden-images.ts`, so that no picture has to be shipped. */
  readonly image: readonly { readonly input: string; readonly vector: string }[];
}

/** Turns a text–image cosine into a probability that they match: `sigmoid(scale · cosine + bias)`. */
export interface Calibration {
  readonly scale: number;
  readonly bias: number;
  /** For the confidence of hits. @default it is estimated from the collection */
  readonly background?: BackgroundCalibration;
}

/**
 * Turns the cosine of any two vectors into a confidence that the one is what the other asks for, without
 * what all vectors have in common: `sigmoid(scale · partial cosine + bias)` among 500 items or more; see
 * `src/core/relevance`. `training/calibrate.py` makes it.
 */
export interface BackgroundCalibration {
  /** Mean of picture vectors of all kinds, in any length: `[dimension]`, base64 of little-endian float32. */
  readonly vector: string;
  readonly scale: number;
  readonly bias: number;
}

/** A model as its maker describes it. */
export interface ModelManifest {
  readonly formatVersion: typeof MANIFEST_FORMAT_VERSION;
  /** Name in the registry. */
  readonly id: string;
  /** Vectors of different versions do not share a space. */
  readonly version: string;
  /** Length of every vector. */
  readonly dimension: number;
  readonly files: Readonly<Record<string, ModelFile>>;
  readonly text: TextTower;
  readonly image: ImageTower;
  readonly golden: GoldenVectors;
  /** @default not calibrated */
  readonly calibration?: Calibration;
  /** SPDX expression or plain words. */
  readonly licence: string;
  /** What it was made from, in words. */
  readonly provenance: string;
}
