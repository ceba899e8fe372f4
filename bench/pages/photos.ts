/** Photos as a camera or a phone's gallery has them, made of smaller pictures, and their indexing. */
import type { IndexedPhotos, PhotoRequest } from './bench-page';
import { emptyCollection } from './current-lens';
import { toBase64 } from './base64';
import { seededRandom } from './seeded-random';

const QUALITY = 0.9;
/** Grain, of 255: enlarged pictures are smoother than photos, and would decode too fast. */
const GRAIN = 24;

export async function makePhoto({ url, pixels, seed }: PhotoRequest): Promise<string> {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const canvas = enlarge(picture, pixels, seed);
  picture.close();
  return toBase64(await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY }));
}

export async function indexPhotos({ count }: { readonly count: number }): Promise<IndexedPhotos> {
  const photos = [...(document.querySelector('input')?.files ?? [])].slice(0, count);
  const collection = await emptyCollection('bench-photos');
  const start = performance.now();
  const { added, failed } = await collection.add(photos);
  const ms = performance.now() - start;
  return { added: added.length, failed: failed.map(({ message }) => message), ms };
}

/** In its own proportions. Photos of the same picture differ by the seed. */
function enlarge(picture: ImageBitmap, pixels: number, seed: number): OffscreenCanvas {
  const scale = Math.sqrt(pixels / (picture.width * picture.height));
  const width = Math.round(picture.width * scale);
  const height = Math.round(picture.height * scale);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('There is no canvas to make photos with.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  const image = context.getImageData(0, 0, width, height);
  const random = seededRandom(seed);
  for (let at = 0; at < image.data.length; at += 4) {
    const grain = (random() - 0.5) * GRAIN;
    for (let channel = at; channel < at + 3; channel++) {
      image.data[channel] = (image.data[channel] ?? 0) + grain;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
