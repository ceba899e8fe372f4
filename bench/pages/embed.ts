import type { Rows } from 'photoglot';
import { currentLens } from './current-lens';

export async function embedTexts(texts: readonly string[]): Promise<string> {
  return toBase64(await currentLens().embedText(texts));
}

export async function embedImages(urls: readonly string[]): Promise<string> {
  return toBase64(await currentLens().embedImage(urls));
}

/** Of little-endian float32. */
function toBase64({ data }: Rows): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      // A string, as a data URL was asked for.
      resolve((reader.result as string).replace(/^[^,]*,/, ''));
    };
    reader.onerror = () => {
      reject(new Error('The vectors could not be encoded.', { cause: reader.error }));
    };
    reader.readAsDataURL(new Blob([data]));
  });
}
