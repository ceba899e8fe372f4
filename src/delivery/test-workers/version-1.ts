/** A stored database of version 1, written as `src/runtime/model-cache.ts` of that time wrote it. */
import { openDB } from 'idb';

/** fixtures/models-v1.json */
export interface Version1 {
  /** URL → manifest as parsed JSON. */
  readonly manifests: Readonly<Record<string, Version1Manifest>>;
  /** SHA-256 → base64 of the file. */
  readonly files: Readonly<Record<string, string>>;
}

interface Version1Manifest {
  readonly id: string;
  readonly files: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>;
}

export async function version1Fixture(): Promise<Version1> {
  const response = await fetch('/src/delivery/fixtures/models-v1.json');
  return (await response.json()) as Version1;
}

export function decoded(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Writes such a database under that name: the fixture's content, or what a test makes of it. */
export async function writeVersion1(
  name: string,
  manifests: Readonly<Record<string, unknown>>,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const database = await openDB(name, 1, {
    upgrade(made) {
      made.createObjectStore('files');
      made.createObjectStore('manifests');
    },
  });
  for (const [sha256, bytes] of files) await database.put('files', new Blob([bytes]), sha256);
  for (const [url, manifest] of Object.entries(manifests)) {
    await database.put('manifests', manifest, url);
  }
  database.close();
}
