/** Files for the journeys: sample photos, and made ones that are hard to swallow. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLES = fileURLToPath(new URL('../../public/samples/', import.meta.url));

/** A file as Playwright hands it to an input. */
export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Sample photos by name, without `.jpg`. */
export function samples(...names: readonly string[]): Upload[] {
  return names.map((name) => jpeg(`${name}.jpg`, readFileSync(join(SAMPLES, `${name}.jpg`))));
}

/**
 * Writes as many different photos as asked for: the samples over and over, each time another file.
 * Returns their paths: files on disk reach the page without work of its own.
 */
export function writePhotos(count: number, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(SAMPLES).filter((name) => name.endsWith('.jpg'));
  const pictures = names.map((name) => readFileSync(join(SAMPLES, name)));
  return Array.from({ length: count }, (_, index) => {
    const picture = pictures[index % pictures.length] ?? Buffer.alloc(0);
    const path = join(folder, `${String(index)}-${names[index % names.length] ?? ''}`);
    writeFileSync(path, withComment(picture, `number ${String(index)}`));
    return path;
  });
}

/** Begins as a JPEG and goes on as noise. */
export const corruptJpeg = jpeg(
  'corrupt.jpg',
  Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
    Buffer.from('JFIF\0'),
    Buffer.alloc(4_000, 0x5a),
  ]),
);

export const emptyFile = jpeg('empty.jpg', Buffer.alloc(0));

/** A text that calls itself a JPEG. */
export const textAsJpeg = jpeg('letter.jpg', Buffer.from('Dear Sir or Madam, this is a letter.\n'));

function jpeg(name: string, buffer: Buffer): Upload {
  return { name, mimeType: 'image/jpeg', buffer };
}

/** The same picture with a comment segment after its start marker. */
function withComment(picture: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment);
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([picture.subarray(0, 2), head, text, picture.subarray(2)]);
}
