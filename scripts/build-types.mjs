/**
 * Emits the library's declarations. The sources import without extensions, which a consumer with
 * Node's module resolution cannot follow: each relative import of a declaration gets its `.js`.
 */
import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TYPES = join(ROOT, 'dist/types');

const tsc = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'tsconfig.types.json')],
  { stdio: 'inherit' },
);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

for (const name of await readdir(TYPES, { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue;
  const path = join(TYPES, name);
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    text.replace(/(\bfrom '|\bimport\('|\bimport\(")(\.[^'"]*)(?=['"])/g, '$1$2.js'),
  );
}
