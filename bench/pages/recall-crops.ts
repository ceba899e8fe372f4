/** Parts of pictures, as pictures of their own. */
import { currentLens } from './current-lens';
import { toBase64 } from './base64';
import type { CropsRequest } from './recall-page';
import { seededRandom } from './seeded-random';

/** Sides of the squares, as shares of the picture's shorter one. */
const SHARES = [0.3, 0.45, 0.6, 0.8];

export async function embedCrops({ url, count, seed }: CropsRequest): Promise<string> {
  const random = seededRandom(seed);
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const { width, height } = picture;
  const crops: ImageBitmap[] = [];
  for (let index = 0; index < count; index++) {
    const share = SHARES[Math.floor(random() * SHARES.length)] ?? 1;
    const side = Math.max(1, Math.floor(Math.min(width, height) * share));
    const [left, top] = [random() * (width - side), random() * (height - side)].map(Math.floor);
    crops.push(await createImageBitmap(picture, left ?? 0, top ?? 0, side, side));
  }
  picture.close();
  const { data } = await currentLens().embedImage(crops);
  for (const crop of crops) crop.close();
  return toBase64(new Blob([data]));
}
