/**
 * The id of an item that was given none: the SHA-256 of its content, in lower-case hex. So the
 * same file added twice is the same item, on any machine.
 *
 * Of one part it is the digest of its bytes: those of the file (what `sha256sum` prints), of the
 * text in UTF-8, or of the vector as little-endian float32. Of several parts it is the digest of
 * the lines `image:<digest>`, `text:<digest>`, `vector:<digest>`, as far as there are any, each
 * ending with a newline. Named fields count only where there is nothing else: as the JSON of
 * their `[name, value]` pairs, sorted by name. Meta never counts.
 */
import { PhotoglotError } from '../errors';

/** What an item consists of. At least one part is there. */
export interface Content {
  readonly image: Blob | null;
  readonly text: string | null;
  readonly vector: Float32Array<ArrayBuffer> | null;
  readonly fields: Readonly<Record<string, string>> | null;
}

/** A digest needs the whole file in memory. */
const MAX_FILE_BYTES = 2 ** 30;

/** Hashing and reading run beside the calling thread. Throws `too-large`, `invalid-input`. */
export async function contentId({ image, text, vector, fields }: Content): Promise<string> {
  const parts: [name: string, digest: string][] = [];
  if (image !== null) parts.push(['image', await sha256(await bytesOf(image))]);
  if (text !== null) parts.push(['text', await sha256(utf8(text))]);
  if (vector !== null) parts.push(['vector', await sha256(vector)]);
  if (parts.length === 0) parts.push(['fields', await sha256(utf8(canonical(fields ?? {})))]);
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first[1];
  return sha256(utf8(parts.map(([name, digest]) => `${name}:${digest}\n`).join('')));
}

async function bytesOf(file: Blob): Promise<ArrayBuffer> {
  if (file.size > MAX_FILE_BYTES) {
    throw new PhotoglotError(
      'too-large',
      `The file has ${file.size} bytes; at most ${MAX_FILE_BYTES} can be added.`,
    );
  }
  try {
    return await file.arrayBuffer();
  } catch (thrown) {
    throw new PhotoglotError(
      'invalid-input',
      'The file cannot be read: it was moved, changed or removed after it was chosen.',
      { cause: thrown },
    );
  }
}

function canonical(fields: Readonly<Record<string, string>>): string {
  // Sorted by code unit: by locale it would depend on the machine.
  return JSON.stringify(
    Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : +(left > right))),
  );
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function sha256(data: BufferSource): Promise<string> {
  // Absent outside secure contexts, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new PhotoglotError(
      'backend-unavailable',
      'Ids cannot be made here: SHA-256 needs a secure context (https or localhost).',
    );
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
