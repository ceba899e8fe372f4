/** Checks once how a model's files are to come here. */
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
    expectThat(isRecord(facts), `model.files["${name}"]`, '{ size?, sha256? }', facts);
  }
  return { id, version, url: folderUrl('model.url', url).href, files };
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
