/**
 * The built library in an application's bundle: who opens the door to transformers.js gets the
 * library packed into a worker, and nobody else gets any of it.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Stands in transformers.js, and nowhere in the SDK. */
const OF_THE_LIBRARY = '{model}/resolve/{revision}/';

let folder: string;
beforeAll(async () => {
  // Below node_modules, from where the installed peer is found.
  folder = await mkdtemp(join(ROOT, 'node_modules/.peer-worker-'));
  const outDir = join(folder, 'sdk');
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    mode: 'lib',
    logLevel: 'silent',
    build: { outDir, emptyOutDir: true },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files of an application that uses the named function, by name; built with Vite's defaults. */
async function bundleOf(door: string, name: string): Promise<ReadonlyMap<string, string>> {
  const root = join(folder, name);
  await mkdir(root);
  await writeFile(join(root, 'index.html'), '<script type="module" src="./main.js"></script>');
  const code = `import { ${name} } from '../sdk/${door}.js';\nglobalThis.used = ${name};\n`;
  await writeFile(join(root, 'main.js'), code);
  const output = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { write: false },
  });
  const files = (output as Rolldown.RolldownOutput).output.map((file) => {
    const text = file.type === 'chunk' ? file.code : new TextDecoder().decode(bytesOf(file.source));
    return [file.fileName, text] as const;
  });
  return new Map(files);
}

function bytesOf(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? new TextEncoder().encode(source) : source;
}

test('the door brings the library into its worker, and only there', async () => {
  const files = await bundleOf('transformers', 'createTransformersLens');
  const withLibrary = [...files].filter(([, text]) => text.includes(OF_THE_LIBRARY));
  expect(withLibrary.map(([name]) => name)).toEqual([
    expect.stringMatching(/transformers\.worker.*\.js$/),
  ]);
  // A worker could not resolve a bare name.
  expect(withLibrary[0]?.[1]).not.toMatch(/import\(\s*["'`]@huggingface/);
});

test('an application that uses nothing of it has nothing of it', async () => {
  const files = await bundleOf('photoglot', 'createLens');
  expect([...files.keys()].filter((name) => name.includes('text.worker'))).toHaveLength(1);
  const parts = [...files].filter(
    ([name, text]) => name.includes('transformers') || text.includes(OF_THE_LIBRARY),
  );
  expect(parts.map(([name]) => name)).toEqual([]);
});
