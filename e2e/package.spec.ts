/** What `npm pack` would pack: the library as it was built, used without a bundler. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT, startPackageServer, type PackageServer } from './support/package-server';

interface PackageJson {
  readonly types: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const { types, bin, exports } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
) as PackageJson;

let server: PackageServer;
test.beforeAll(async () => {
  server = await startPackageServer();
});
test.afterAll(() => server.stop());

/** Address of what an application imports. */
function door(name: string): string {
  const target = exports[name];
  if (typeof target !== 'object') throw new Error(`The package has no export ${name}.`);
  return new URL(target.default ?? '', server.url).href;
}

test('holds whatever it names', () => {
  const doors = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  const named = [types, ...Object.values(bin), ...doors].map((path) => path.replace(/^\.\//, ''));
  expect(named.length).toBeGreaterThan(5);
  const packed = packedFiles();
  for (const path of named) expect(packed, path).toContain(path);
  // The workers are found beside the doors: each of them, once.
  const workers = packed.flatMap(
    (path) => /^dist\/assets\/(\w+\.worker)-[^/]*\.js$/.exec(path)?.[1] ?? [],
  );
  const sources = readdirSync(join(ROOT, 'workers')).map((name) => name.replace(/\.ts$/, ''));
  expect(workers.sort()).toEqual(sources.sort());
});

/** Paths of the files that npm would pack now. */
function packedFiles(): readonly string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const isWindows = process.platform === 'win32';
  const json = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', shell: isWindows });
  const [{ files } = { files: [] }] = JSON.parse(json) as {
    readonly files: readonly { readonly path: string }[];
  }[];
  return files.map(({ path }) => path);
}

test('loads a model in a page without a bundler', async ({ page }) => {
  await page.goto(server.url);
  const [length, names] = await page.evaluate(async (url) => {
    const photoglot = (await import(url)) as typeof import('photoglot');
    const lens = await photoglot.createLens({ model: 'mini', assets: '/public/' });
    const { data } = await lens.embedText(['a dog']);
    await lens.dispose();
    return [Math.hypot(...data), Object.keys(photoglot)] as const;
  }, door('.'));
  expect(length).toBeCloseTo(1, 3);
  expect(names).toContain('openModelCache');
});

test('has the model cache by a door of its own', async ({ page }) => {
  await page.goto(server.url);
  const models = await page.evaluate(async (url) => {
    const { openModelCache } = (await import(url)) as typeof import('photoglot');
    const cache = openModelCache();
    await cache.download('mini', { assets: '/public/' });
    const listed = await cache.list();
    cache.dispose();
    return listed.map(({ id, complete }) => ({ id, complete }));
  }, door('./model-cache'));
  expect(models).toEqual([{ id: 'mini', complete: true }]);
});
