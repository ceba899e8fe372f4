/**
 * A wrong kernel gives wrong vectors without any error (quantized models on some GPUs do), so a
 * session has to reproduce golden vectors before it is used. It warms the session up, too.
 */
import { PhotoglotError } from '../errors';
import { cosine, decodeVector } from '../models/golden-vectors';
import type { GoldenVectors } from '../models/manifest';
import { NotFinite } from './output-rows';

/** What a quantized variant keeps to, and what garbage (near 0) does not. */
const LEAST_COSINE = 0.99;
/** Inputs that are run however long they take: a kernel may be wrong for one shape alone. */
const FEWEST = 2;
/** Milliseconds after which no more inputs are begun: a large model takes seconds for a picture. */
const ENOUGH_MS = 1000;

/** What is tested. */
export interface SelfTestOptions {
  readonly golden: GoldenVectors['text'];
  /** All of it passed before, on this device: one input is run, to warm up and to be sure. */
  readonly tested: boolean;
  /** Null for an input that says nothing: its words were not loaded. */
  readonly encode: (input: string) => Promise<Float32Array | null>;
}

/**
 * Encodes golden inputs of the tower: all of them, or those that a second is enough for, and at least
 * two. Throws `self-test-failed` if a result is off.
 */
export async function selfTest({ golden, tested, encode }: SelfTestOptions): Promise<void> {
  const start = performance.now();
  let judged = 0;
  for (const { input, vector } of golden) {
    const isEnough = judged >= FEWEST && performance.now() - start > ENOUGH_MS;
    if (isEnough || (tested && judged > 0)) return;
    const encoded = await numbersOf(encode(input));
    if (encoded === null) continue;
    judged++;
    const similarity = cosine(encoded, decodeVector(vector));
    // Written so that NaN fails as well.
    if (similarity >= LEAST_COSINE) continue;
    throw new PhotoglotError(
      'self-test-failed',
      `The model gives wrong vectors on this device: cosine ${similarity.toFixed(3)} to the ` +
        `golden vector of "${input}", expected at least ${LEAST_COSINE}. Try another device.`,
    );
  }
}

/** Numbers that are none are as wrong as can be: here that is a finding, not an error of the run. */
async function numbersOf(encoding: Promise<Float32Array | null>): Promise<Float32Array | null> {
  try {
    return await encoding;
  } catch (thrown) {
    const isNotFinite = thrown instanceof PhotoglotError && thrown.cause instanceof NotFinite;
    if (isNotFinite) return Float32Array.of(NaN);
    throw thrown;
  }
}
