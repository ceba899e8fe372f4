/** Runs the command line in a process of its own, as a host does. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Models with random weights, made by `training/export`. */
export const FIXTURES = join(ROOT, 'src/runtime/fixtures');

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly errors: string;
}

export async function photoglot(...args: string[]): Promise<Outcome> {
  return runScript(join(ROOT, 'bin/photoglot.mjs'), args);
}

export async function runScript(script: string, args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [script, ...args]);
  let [out, errors] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { status, out, errors };
}

/** An empty folder for the running test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of a model, for the running test. */
export async function copiedModel(name: 'tiny-fixed' | 'tiny-naflex'): Promise<string> {
  const folder = join(await temporaryFolder(), 'model');
  await cp(join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

export async function readJson<T>(...path: string[]): Promise<T> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as T;
}
