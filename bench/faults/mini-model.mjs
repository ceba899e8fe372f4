/** The model that comes with the SDK, for what only a real one can show: that it can be used. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLIC } from '../site.mjs';

const FOLDER = join(PUBLIC, 'models/mini');

/** @type {{ files: Record<string, { size: number, sha256: string }> }} */
const { files } = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8'));

/** Size and digest of each file, by name. */
export const MINI = files;

export const MINI_BYTES = Object.values(files).reduce((sum, { size }) => sum + size, 0);

/** @returns {Record<string, import('../../scripts/fault-types.mjs').FaultFile>} */
export function miniFiles() {
  const names = ['manifest.json', ...Object.keys(files)];
  return Object.fromEntries(names.map((name) => [name, { path: join(FOLDER, name) }]));
}
