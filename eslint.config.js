import { fileURLToPath } from 'node:url';
import { createConfig } from './scripts/eslint/create-config.mjs';

export default [
  {
    ignores: [
      'dist/',
      'dist-*/',
      'public/',
      'training/',
      'coverage/',
      'test-results/',
      'playwright-report/',
      '.venv/',
      // AssemblyScript, which only looks like TypeScript.
      'src/runtime/kernels/assembly/',
      // Broken on purpose; scripts/eslint/lint-rules.test.ts proves that the rules fire on them.
      'scripts/lint-fixtures/',
    ],
  },
  ...createConfig({
    root: fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, ''),
    projects: [
      'tsconfig.src.json',
      'tsconfig.workers.json',
      'tsconfig.tests.json',
      'tsconfig.node.json',
      'tsconfig.worker-tests.json',
      'tsconfig.demo.json',
      'tsconfig.sw.json',
      'tsconfig.e2e.json',
      'tsconfig.bench.json',
    ],
  }),
];
