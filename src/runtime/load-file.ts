/** A model file from the cache, or else from the network, verified and then cached. */
import { PhotoglotError } from '../errors';
import type { ModelManifest } from '../models/manifest';
import type { LoadProgress } from '../protocol/tower-contract';
import { fetchBytes } from './fetch-bytes';
import type { ModelCache } from './model-cache';
import { sha256 } from './sha256';

export interface LoadFileOptions {
  readonly manifest: ModelManifest;
  /** Key in the manifest's `files`. */
  readonly file: string;
  /** Absolute URL of the manifest's folder, ending in `/`. */
  readonly modelUrl: string;
  readonly cache: ModelCache;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

export interface LoadedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Settles when the file is kept for the next time, or refused: false. Never rejects. */
  readonly cached: Promise<boolean>;
}

/** Resolves to bytes that are those the manifest describes; only such bytes are cached. */
export async function loadFile(options: LoadFileOptions): Promise<LoadedFile> {
  const { manifest, file, modelUrl, cache, signal, onProgress } = options;
  const entry = manifest.files[file];
  if (entry === undefined) {
    throw new PhotoglotError('manifest-invalid', `The manifest describes no file "${file}".`);
  }
  const total = entry.size;
  const kept = await cache.readFile(entry.sha256, total);
  signal.throwIfAborted();
  if (kept !== undefined) {
    onProgress({ file, loaded: total, total, from: 'cache' });
    return { bytes: kept, cached: Promise.resolve(true) };
  }
  const url = new URL(file, modelUrl).href;
  const report = throttled((loaded) => {
    onProgress({ file, loaded, total, from: 'network' });
  }, total);
  const bytes = await fetchBytes({ url, size: total, signal, onProgress: report });
  const digest = await sha256(bytes);
  signal.throwIfAborted();
  if (digest !== entry.sha256) {
    const message = `${url} has SHA-256 ${digest}, expected ${entry.sha256}.`;
    throw new PhotoglotError(
      'integrity',
      `${message} Upload the model's files again, as they are.`,
    );
  }
  return { bytes, cached: cache.writeFile(entry.sha256, bytes) };
}

/** At most one report per hundredth: a network chunk is small, and each report is a message. */
function throttled(report: (loaded: number) => void, total: number): (loaded: number) => void {
  let next = 0;
  return (loaded) => {
    if (loaded < next && loaded < total) return;
    next = loaded + total / 100;
    report(loaded);
  };
}
