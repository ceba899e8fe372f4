/**
 * A wrong kernel gives wrong vectors without any error (quantized models on some GPUs do), so a
 * session has to reproduce a golden vector before it is used. It warms the session up, too.
 */
import { PhotoglotError } from '../errors';
import { cosine, decodeVector } from '../models/golden-vectors';
import type { GoldenVectors } from '../models/manifest';

/** Quantization costs about 0.01; garbage is near 0. */
const LEAST_COSINE = 0.95;

/** Encodes the first golden input of the tower. Throws `session-failed` if the result is off. */
export async function selfTest(
  golden: GoldenVectors['text'],
  encode: (input: string) => Promise<Float32Array>,
): Promise<void> {
  const [first] = golden;
  if (first === undefined) return;
  const similarity = cosine(await encode(first.input), decodeVector(first.vector));
  // Written so that NaN fails as well.
  if (similarity >= LEAST_COSINE) return;
  throw new PhotoglotError(
    'session-failed',
    `The model gives wrong vectors on this device: cosine ${similarity.toFixed(3)} to the ` +
      `golden vector of "${first.input}", expected at least ${LEAST_COSINE}. Try another device.`,
  );
}
