/** The SDK's own checks: from the sources in the repository, from the build in the npm package. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure } from './failure.mjs';

/** @typedef {typeof import('./model-checks.ts')} Checks */

const SOURCE = new URL('./model-checks.ts', import.meta.url);
const BUILT = new URL('../dist/model-checks.js', import.meta.url);

/** @returns {Promise<Checks>} */
export async function loadChecks() {
  // Sources first: beside them a build may be older than they are.
  if (existsSync(SOURCE)) return fromSource();
  if (existsSync(BUILT)) return import(BUILT.href);
  throw new Failure(
    'The package is not built: dist/model-checks.js is missing. Run "npm install" and ' +
      '"npm run build:lib" in the repository, and install it from there again.',
  );
}

/** @returns {Promise<Checks>} */
async function fromSource() {
  const { runnerImport } = await import('vite').catch((error) => {
    throw new Failure(`Vite, which runs the sources, is missing: run "npm install".`, error);
  });
  const inline = /** @type {const} */ ({ configFile: false, logLevel: 'error' });
  const { module } = await runnerImport(fileURLToPath(SOURCE), inline);
  return /** @type {Checks} */ (module);
}
