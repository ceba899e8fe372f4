/** From a manifest or a listing to the files that are wanted of it. */
import { PhotoglotError } from '../errors';
import type { ModelFile } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type { DeliveredManifest, DeliverySource } from '../protocol/delivery-contract';
import type { FileSource } from './file-source';
import { firstUseKey } from './model-key';

/** A model, as far as its delivery is concerned. */
export interface ResolvedModel {
  readonly id: string;
  readonly version: string;
  readonly files: readonly FileSource[];
}

/** Whatever is known of a file: a manifest's entry, or a listing's. */
type FileFacts = Partial<Pick<ModelFile, 'size' | 'sha256' | 'chunks'>>;

/**
 * @param names of the files that are wanted; null for all
 *
 * Throws `manifest-invalid` for a name that is not described, `integrity` for a file without
 * digest where one is required.
 */
export function resolveFiles(
  source: DeliverySource,
  manifest: DeliveredManifest | null,
  names: readonly string[] | null,
): ResolvedModel {
  const { id, version, folder, files } = described(source, manifest);
  const wanted = names ?? Object.keys(files);
  return {
    id,
    version,
    files: [...new Set(wanted)].map((name) => {
      const facts = Object.hasOwn(files, name) ? files[name] : undefined;
      if (facts === undefined) {
        throw new PhotoglotError('manifest-invalid', `The manifest describes no file "${name}".`);
      }
      return fileSource(name, facts, folder, source);
    }),
  };
}

interface Described {
  readonly id: string;
  readonly version: string;
  readonly folder: string;
  readonly files: Readonly<Record<string, FileFacts>>;
}

function described({ from }: DeliverySource, manifest: DeliveredManifest | null): Described {
  if (typeof from !== 'string') return { ...from, folder: from.url };
  if (manifest === null) {
    throw new PhotoglotError('invalid-input', 'A model in a folder needs its manifest.');
  }
  return { ...parseManifest(JSON.parse(manifest.text)), folder: from };
}

function fileSource(
  name: string,
  { size, sha256, chunks }: FileFacts,
  folder: string,
  { mirrors, integrity }: DeliverySource,
): FileSource {
  const first = new URL(name, folder).href;
  if (sha256 === undefined && integrity === 'required') {
    throw new PhotoglotError(
      'integrity',
      `${first} has no SHA-256 in the manifest, so nothing would tell a damaged or altered file. ` +
        'Add the digests with "npx photoglot pack", or trust the first download: ' +
        'integrity: "first-use".',
    );
  }
  return {
    key: sha256 ?? firstUseKey(first),
    name,
    urls: [first, ...mirrors.map((mirror) => new URL(name, mirror).href)],
    size: size ?? null,
    sha256: sha256 ?? null,
    chunks: chunks ?? null,
  };
}
