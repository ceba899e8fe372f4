/** `encodeText`: checked input, all outputs of the text tower. */
import type { EncodedText } from '../protocol/tower-contract';
import { PhotoglotError } from '../errors';
import type { EncodeTextOptions } from './api';
import { checkTexts, priorityOf } from './embed';
import type { TextOutputsEncoder } from './encoders';

export async function encodeTexts(
  encoders: TextOutputsEncoder,
  texts: readonly string[],
  options: EncodeTextOptions,
): Promise<readonly EncodedText[]> {
  const { sparse = false, colbert = false, maxTokens = null, overlap = null } = options;
  checkTexts('encodeText', texts);
  checkCount('maxTokens', maxTokens, 1);
  checkCount('overlap', overlap, 0);
  const { signal, onProgress } = options;
  const batch = { texts, sparse, colbert, maxTokens, overlap, priority: priorityOf(texts.length) };
  return encoders.encodeFully(batch, { signal, onProgress });
}

function checkCount(option: string, value: number | null, least: number): void {
  if (value === null || (Number.isSafeInteger(value) && value >= least)) return;
  throw new PhotoglotError(
    'invalid-input',
    `The option "${option}" must be a whole number of at least ${least}; got ${value}.`,
  );
}
