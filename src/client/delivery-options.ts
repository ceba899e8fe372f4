/** Checks once how a model's files are to come here. */
import { FILE_PATH_WORDS, isFilePath } from '../models/file-path';
import type { DeliverySource, FileListing } from '../protocol/delivery-contract';
import type { DeliveryOptions } from './model-cache-api';
import { expectThat, folderUrl, isStringOrAbsent } from './option-checks';
import { PauseController } from './pause-controller';

const INTEGRITIES = ['required', 'first-use'] as const;
const STORAGES = ['persistent', 'memory'] as const;

/** Throws `invalid-input`. */
export function deliverySource(from: URL | FileListing, options: DeliveryOptions): DeliverySource {
  const { mirrors = [], integrity = 'required', publicKey, storage = 'persistent' } = options;
  expectThat(Array.isArray(mirrors), 'mirrors', 'an array of URLs of folders', mirrors);
  expectThat(isOneOf(integrity, INTEGRITIES), 'integrity', quoted(INTEGRITIES), integrity);
  expectThat(isStringOrAbsent(publicKey), 'publicKey', 'a key in base64', publicKey);
  expectThat(isOneOf(storage, STORAGES), 'storage', quoted(STORAGES), storage);
  const isSigned = publicKey === undefined || from instanceof URL;
  expectThat(
    isSigned,
    'publicKey',
    'left out for a listing, which carries no signature',
    publicKey,
  );
  expectThat(isPauseOrAbsent(options.pause), 'pause', 'a PauseController', options.pause);
  return {
    from: from instanceof URL ? from.href : checkedListing(from),
    mirrors: mirrors.map((mirror) => folderUrl('mirrors', mirror).href),
    integrity,
    publicKey: publicKey ?? null,
    storage,
  };
}

function checkedListing({ id, version, url, files }: FileListing): FileListing {
  expectThat(isText(id), 'model.id', 'a name', id);
  expectThat(isText(version), 'model.version', 'a version', version);
  expectThat(isRecord(files), 'model.files', 'an object of files by name', files);
  for (const [name, facts] of Object.entries(files)) {
    const option = `model.files["${name}"]`;
    expectThat(isFilePath(name), option, FILE_PATH_WORDS, name);
    expectThat(isRecord(facts), option, '{ size?, sha256?, chunks? }', facts);
    const { size, sha256, chunks } = facts;
    expectThat(size === undefined || isSize(size), `${option}.size`, BYTES, size);
    expectThat(sha256 === undefined || isDigest(sha256), `${option}.sha256`, DIGEST, sha256);
    expectThat(chunks === undefined || isChunks(chunks, size), `${option}.chunks`, CHUNKS, chunks);
  }
  return { id, version, url: folderUrl('model.url', url).href, files };
}

const BYTES = 'a whole number of bytes, 1 or more';
const DIGEST = '64 lower-case hex digits';
const CHUNKS = 'the size of the pieces and a digest for each of them';

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isChunks(
  chunks: NonNullable<FileListing['files'][string]['chunks']>,
  size: number | undefined,
): boolean {
  if (!isRecord(chunks)) return false;
  const { size: each, sha256 } = chunks;
  if (size === undefined || !isSize(each) || !Array.isArray(sha256)) return false;
  return sha256.every(isDigest) && sha256.length === Math.ceil(size / each);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf(value: unknown, allowed: readonly unknown[]): boolean {
  return allowed.includes(value);
}

function quoted(allowed: readonly string[]): string {
  return allowed.map((value) => `"${value}"`).join(' or ');
}

function isPauseOrAbsent(value: unknown): boolean {
  return value === undefined || value instanceof PauseController;
}
