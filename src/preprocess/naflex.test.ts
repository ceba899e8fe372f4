import { readFileSync } from 'node:fs';
import type { CallContext } from '../protocol/contract-types';
import { preprocessRunner } from './test-workers/preprocess-runner';
import {
  describePreprocess,
  type FixedFixtures,
  type PatchFixtures,
} from './test-workers/preprocess-suite';

function fixtures(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'));
}

const patches = fixtures('naflex-patches.json') as PatchFixtures;
const fixed = fixtures('naflex-fixed.json') as FixedFixtures;
const context: CallContext = { signal: new AbortController().signal, progress: () => undefined };

for (const passes of ['wasm', 'scalar'] as const) {
  const driver = {
    patches: (task) => preprocessRunner.patches(task, context),
    planes: (task) => preprocessRunner.planes(task, context),
  } satisfies Parameters<typeof describePreprocess>[1];
  describePreprocess(passes, driver, patches, fixed);
}
