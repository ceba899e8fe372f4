/**
 * Who may import whom: the table of ARCHITECTURE.md as rules. Imports point one way, so that the
 * page never pulls in what belongs to a worker, and shared code stays free of both.
 */

/**
 * For each folder or file the parts of `src` that it may import. Tests and their workers are
 * exempt: they stand outside, and put things together.
 * @type {ReadonlyArray<readonly [target: string, allowed: readonly string[]]>}
 */
const ALLOWED = [
  ['src/errors.ts', []],
  ['src/core', ['core', 'errors.ts']],
  ['src/preprocess', ['preprocess', 'core', 'errors.ts']],
  ['src/models', ['models', 'core', 'errors.ts']],
  ['src/protocol', ['protocol', 'core', 'models', 'errors.ts']],
  ['src/exchange', ['exchange', 'core', 'protocol', 'errors.ts']],
  ['src/store', ['store', 'core', 'protocol', 'exchange', 'errors.ts']],
  ['src/delivery', ['delivery', 'core', 'models', 'protocol', 'errors.ts']],
  ['src/runtime', ['runtime', 'core', 'preprocess', 'models', 'protocol', 'store', 'errors.ts']],
  ['src/client', ['client', 'core', 'protocol', 'models', 'errors.ts']],
  ['src/index.ts', ['client', 'core', 'models', 'protocol', 'errors.ts']],
  ['src/model-cache.ts', ['client', 'models', 'protocol', 'errors.ts']],
  ['src/transformers.ts', ['client', 'models', 'errors.ts']],
  ['workers', ['runtime', 'store', 'exchange', 'delivery', 'protocol']],
  ['demo', ['index.ts']],
  ['e2e', ['index.ts']],
  ['bench', ['index.ts']],
];

/** Folders beside `src` that nothing but themselves may import. */
const OUTER = ['workers', 'demo', 'e2e', 'bench'];

/** What of npm is out of bounds where. The DOM is kept out by the two type-check projects. */
const BANNED_PACKAGES = /** @type {const} */ ([
  [
    ['src/errors.ts', 'src/core', 'src/preprocess', 'src/models', 'src/exchange'],
    ['ort', 'comlink', 'idb'],
  ],
  [
    ['src/protocol', 'src/client', 'src/index.ts', 'src/model-cache.ts', 'src/transformers.ts'],
    ['ort', 'idb'],
  ],
  [
    ['src/store', 'src/delivery'],
    ['ort', 'comlink'],
  ],
  [['workers'], ['ort', 'idb']],
  [
    ['demo', 'e2e', 'bench'],
    ['ort', 'comlink', 'idb'],
  ],
]);

const PATTERNS = { ort: 'onnxruntime-*', comlink: 'comlink', idb: 'idb' };

/** Options of `import-x/no-restricted-paths`. @param {string} basePath the repository's root */
export function importZones(basePath) {
  const zones = ALLOWED.flatMap(([target, allowed]) => [
    {
      target: `./${target}`,
      from: './src',
      except: allowed.map((name) => `./${name}`),
      message: `${target} may import only ${allowed.join(', ') || 'nothing'} of src.`,
    },
    ...OUTER.filter((folder) => folder !== target).map((folder) => ({
      target: `./${target}`,
      from: `./${folder}`,
      message: `${target} may not import ${folder}.`,
    })),
  ]);
  return { basePath, zones };
}

/**
 * Flat-config blocks that ban packages.
 * @returns {import('eslint').Linter.Config[]}
 */
export function packageBans() {
  return BANNED_PACKAGES.map(([targets, names]) => ({
    files: targets.map((target) => (target.endsWith('.ts') ? target : `${target}/**/*.ts`)),
    ignores: TEST_FILES,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: names.map((name) => ({
            // The package and its subpaths.
            group: [PATTERNS[name], `${PATTERNS[name]}/**`],
            message: `${targets.join(', ')}: see scripts/eslint/import-zones.mjs.`,
          })),
        },
      ],
    },
  }));
}

/** @type {string[]} */
export const TEST_FILES = ['**/*.test.ts', '**/*.test-d.ts', '**/test-workers/**'];
