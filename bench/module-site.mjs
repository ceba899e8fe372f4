/** A site of single modules, for benches of what is no part of the public interface. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

/** Times are told to 5 µs on isolated pages only. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Builds modules into `folder`, where they are `NAME.js` beside a blank page, and serves that.
 * @param {{
 *   readonly folder: string, readonly title: string, readonly port: number,
 *   readonly entries: Readonly<Record<string, string>>,
 * }} options `entries` are paths from this folder, by name
 * @returns {Promise<{ readonly url: string, readonly close: () => Promise<void> }>} the URL ends in `/`
 */
export async function openModuleSite({ folder, title, port, entries }) {
  const entry = Object.fromEntries(
    Object.entries(entries).map(([name, path]) => [
      name,
      fileURLToPath(new URL(path, import.meta.url)),
    ]),
  );
  const lib = { entry, formats: /** @type {['es']} */ (['es']) };
  await build({
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, target: 'es2023', lib, emptyOutDir: true },
  });
  const icon = '<link rel="icon" href="data:,">';
  await writeFile(join(folder, 'index.html'), `<!doctype html>${icon}<title>${title}</title>`);
  const server = await preview({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    build: { outDir: folder },
    preview: { host: 'localhost', port, headers: HEADERS },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The server has no address.');
  return { url, close: () => server.close() };
}
