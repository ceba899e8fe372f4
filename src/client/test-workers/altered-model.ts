/** A tiny model of which something was changed, served with digests that are right. */
import type { FaultFile } from '../../../scripts/fault-types.mjs';
import { FaultyHost } from '../../delivery/test-workers/faulty-host';
import type { ModelFile, ModelManifest, TowerBackends, TowerVariant } from '../../models/manifest';
import { parseManifest } from '../../models/parse-manifest';
import { TINY } from '../../runtime/test-workers/tiny-models';

/** Variants of the tiny models. */
export const FORMS = {
  text: { fp32: formOf('text.fp32'), int8: formOf('text.int8') },
  image: { fp32: formOf('image.fp32'), int8: formOf('image.int8') },
} as const;

export interface Alteration {
  readonly version?: string;
  /** In place of those that there are. */
  readonly text?: Partial<TowerBackends>;
  readonly image?: Partial<TowerBackends>;
  /** Other bytes, or other files. */
  readonly files?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

export class AlteredModel {
  readonly #host: FaultyHost;
  readonly #id = `altered-${crypto.randomUUID()}`;

  private constructor(host: FaultyHost) {
    this.#host = host;
  }

  /** Nothing of it is known to the browser before. */
  static async serve(alteration: Alteration): Promise<AlteredModel> {
    const model = new AlteredModel(await FaultyHost.start({ files: {} }));
    await model.alter(alteration);
    return model;
  }

  /** The folder, for `createLens`. */
  get url(): string {
    return this.#host.url('');
  }

  async alter({ version = '1', text, image, files = {} }: Alteration): Promise<void> {
    const json: unknown = await (await fetch(`${TINY.fixed}manifest.json`)).json();
    const tiny = parseManifest(json);
    const others = Object.entries(files).map(
      async ([name, bytes]) => [name, await described(bytes)] as const,
    );
    const manifest: ModelManifest = {
      ...tiny,
      id: this.#id,
      version,
      files: { ...tiny.files, ...Object.fromEntries(await Promise.all(others)) },
      text: { ...tiny.text, backends: { ...tiny.text.backends, ...text } },
      image: { ...tiny.image, backends: { ...tiny.image.backends, ...image } },
    };
    const served = Object.keys(tiny.files).map(
      (name) => [name, { path: `.${TINY.fixed}${name}` }] as const,
    );
    const own = { ...files, 'manifest.json': new TextEncoder().encode(JSON.stringify(manifest)) };
    const given = Object.entries(own).map(
      ([name, bytes]) => [name, { base64: base64(bytes) }] as const,
    );
    await this.#host.change({ files: Object.fromEntries<FaultFile>([...served, ...given]) });
  }

  /** Names of the files that were asked for, each once. */
  async fetched(): Promise<readonly string[]> {
    const log = await this.#host.log();
    return [...new Set(log.map(({ file }) => file))];
  }
}

/** As wrong as weights can be that still make a session: the numbers in the opposite order. */
export async function backwards(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const numbers = new Float32Array(await (await fetch(TINY.fixed + name)).arrayBuffer());
  return new Uint8Array(numbers.reverse().buffer);
}

function formOf(name: string): TowerVariant {
  return { file: `${name}.onnx`, data: [`${name}.onnx_data`], dtype: name.split('.')[1] ?? '' };
}

async function described(bytes: Uint8Array<ArrayBuffer>): Promise<ModelFile> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { size: bytes.length, sha256 };
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
