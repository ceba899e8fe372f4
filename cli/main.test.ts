/** The command line as such, and that it runs from the npm package. */
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from 'vite';
import {
  copiedModel,
  photoglot,
  readJson,
  ROOT,
  runScript,
  temporaryFolder,
} from './run-photoglot';

test.each(['--help', '-h', 'help'])('%s tells the commands', async (argument) => {
  const { status, out } = await photoglot(argument);
  expect(status).toBe(0);
  for (const command of ['pack', 'verify', 'keygen', 'sign'])
    expect(out).toContain(`\n  ${command} `);
});

test.each(['pack', 'verify', 'keygen', 'sign'])('%s --help', async (command) => {
  const { status, out } = await photoglot(command, '--help');
  expect(status).toBe(0);
  expect(out).toContain(`Usage: photoglot ${command}`);
});

test.each([
  [[], 'No command was given.'],
  [['upload'], 'There is no command "upload".'],
  [['pack'], 'photoglot pack: <folder> is missing.'],
  [['pack', 'a', 'b'], '"b" is one argument too many.'],
  [['pack', 'a', '--chunks', '8'], "Unknown option '--chunks'"],
  [['pack', 'a', '--chunk-size', '0.5'], 'got "0.5", expected whole MiB from 1 to 64'],
  [['pack', 'a', '--listing', 'name'], 'expected ID@VERSION'],
  [['verify', 'no/such/folder'], 'There is no folder "no/such/folder"'],
  [['verify', 'https://models.example/', '--origin', 'app'], 'got "app", expected one such as'],
  [['verify', '.', '--origin', 'https://app.example'], '--origin is for URLs'],
])('%j is wrong usage', async (args, message) => {
  const { status, out, errors } = await photoglot(...args);
  expect(status).toBe(2);
  expect(out).toBe('');
  expect(errors).toContain(message);
  expect(errors).toContain('Usage: photoglot');
});

test('runs from the npm package, without TypeScript and without dependencies', async () => {
  const root = await temporaryFolder();
  for (const folder of ['bin', 'cli']) {
    await mkdir(join(root, folder));
    for (const name of await readdir(join(ROOT, folder))) {
      if (name.endsWith('.mjs')) await cp(join(ROOT, folder, name), join(root, folder, name));
    }
  }
  const { bin, files } = await readJson<{ bin: { photoglot: string }; files: string[] }>(
    ROOT,
    'package.json',
  );
  expect(files).toEqual(expect.arrayContaining(['bin', 'cli/*.mjs', 'dist']));
  const script = join(root, bin.photoglot);
  const model = await copiedModel('tiny-fixed');

  const unbuilt = await runScript(script, ['verify', model]);
  expect(unbuilt.status).toBe(1);
  expect(unbuilt.errors).toContain('"npm run build:lib"');

  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    mode: 'lib',
    logLevel: 'error',
    build: { outDir: join(root, 'dist') },
  });
  const built = await runScript(script, ['verify', model]);
  expect(built.errors).toBe('');
  expect(built.status).toBe(0);
  expect(built.out).toContain('Good: all 9 files');
});
