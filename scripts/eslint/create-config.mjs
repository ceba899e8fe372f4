/**
 * The lint rules as a function of the root, so that the fixtures in scripts/lint-fixtures are
 * judged by the very rules of the repository.
 */
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { importZones, packageBans, TEST_FILES } from './import-zones.mjs';
import { kebabFileNames } from './kebab-file-names.mjs';

const BARRELS =
  'The public doors are src/index.ts, src/model-cache.ts and src/transformers.ts: import from the file that declares it.';

/** @param {{ root: string, projects: string[] }} options */
export function createConfig({ root, projects }) {
  return defineConfig(
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    js.configs.recommended,
    {
      files: ['**/*.ts'],
      extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
      languageOptions: { parserOptions: { project: projects, tsconfigRootDir: root } },
      rules: typedRules,
    },
    {
      plugins: { 'import-x': importX, local: { rules: { 'kebab-file-names': kebabFileNames } } },
      settings: {
        // Without this no-cycle parses no TypeScript and reports nothing; the fixtures prove it.
        'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
        'import-x/resolver-next': [
          createTypeScriptImportResolver({
            project: projects.map((file) => `${root}/${file}`),
            noWarnOnMultipleProjects: true,
          }),
        ],
      },
      rules: {
        'import-x/no-cycle': ['error', { ignoreExternal: true }],
        'local/kebab-file-names': 'error',
        'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
        eqeqeq: 'error',
      },
    },
    {
      files: ['**/*.ts'],
      ignores: TEST_FILES,
      rules: { 'import-x/no-restricted-paths': ['error', importZones(root)] },
    },
    ...packageBans(),
    {
      files: ['src/**/*.ts', 'workers/**/*.ts'],
      rules: {
        'import-x/no-default-export': 'error',
        'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: BARRELS }],
      },
    },
    {
      files: ['src/**/*.ts'],
      ignores: ['src/index.ts', 'src/model-cache.ts', 'src/transformers.ts'],
      rules: {
        'no-restricted-syntax': [
          'error',
          { selector: 'ExportAllDeclaration', message: BARRELS },
          { selector: 'ExportNamedDeclaration[source]', message: BARRELS },
        ],
      },
    },
    {
      // An entry only wires; the logic is in src/runtime, where it can be tested.
      files: ['workers/**/*.worker.ts'],
      rules: { 'max-lines': ['error', { max: 40, skipBlankLines: true, skipComments: true }] },
    },
    { files: ['**/*.{js,mjs}'], languageOptions: { globals: NODE_GLOBALS } },
    prettier,
  );
}

/** @type {import('eslint').Linter.RulesRecord} */
const typedRules = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    // `default: x satisfies never` is how a switch is closed here.
    { allowDefaultCaseForExhaustiveSwitch: true, considerDefaultExhaustiveForUnions: false },
  ],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // Its advice is `!`, which is forbidden: indexing a typed array in a hot loop says `as number`.
  '@typescript-eslint/non-nullable-type-assertion-style': 'off',
  // Saying a default out loud is fine.
  '@typescript-eslint/no-unnecessary-type-arguments': 'off',
  // A contract with one type parameter per method reads better with it, even if it is used once.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
};

/** What scripts use; those that drive a browser also name its globals inside `evaluate`. */
const NODE_GLOBALS = Object.fromEntries(
  [
    'process',
    'console',
    'URL',
    'URLSearchParams',
    'Buffer',
    'fetch',
    'performance',
    'structuredClone',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'AbortController',
    'AbortSignal',
    'TextDecoder',
    'TextEncoder',
    'crypto',
    'Blob',
    'File',
    'Response',
    'window',
    'document',
    'navigator',
    'location',
    'globalThis',
    'Worker',
    'caches',
    'indexedDB',
    'PerformanceObserver',
    'self',
    'createImageBitmap',
    'OffscreenCanvas',
    'ImageData',
  ].map((name) => [name, 'readonly']),
);
