/** Vectors of texts and pictures, little-endian float32 in base64. */
import { toBase64 } from './base64';
import { currentLens } from './current-lens';

export async function embedTexts(texts: readonly string[]): Promise<string> {
  const { data } = await currentLens().embedText(texts);
  return toBase64(new Blob([data]));
}

export async function embedImages(urls: readonly string[]): Promise<string> {
  const { data } = await currentLens().embedImage(urls);
  return toBase64(new Blob([data]));
}
