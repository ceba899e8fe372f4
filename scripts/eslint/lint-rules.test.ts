import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const cwd = fileURLToPath(new URL('../lint-fixtures/', import.meta.url));
const eslint = new ESLint({ cwd });

/** Each fixture breaks one rule; a rule that no longer fires is caught here, not in review. */
test.each([
  ['src/core/reaches-client.ts', 'import-x/no-restricted-paths'],
  ['src/store/reaches-client.ts', 'import-x/no-restricted-paths'],
  ['src/client/uses-ort.ts', 'no-restricted-imports'],
  ['src/core/cycle-ping.ts', 'import-x/no-cycle'],
  ['src/core/cycle-pong.ts', 'import-x/no-cycle'],
  ['src/core/uses-any.ts', '@typescript-eslint/no-explicit-any'],
  ['src/core/open-switch.ts', '@typescript-eslint/switch-exhaustiveness-check'],
  ['src/core/barrel.ts', 'no-restricted-syntax'],
  ['src/core/camelCase.ts', 'local/kebab-file-names'],
  ['src/core/too-long.ts', 'max-lines'],
  ['workers/long.worker.ts', 'max-lines'],
])('%s is refused by %s alone', async (file, rule) => {
  const [result] = await eslint.lintFiles([file]);
  expect(result?.messages.map((message) => message.ruleId)).toEqual([rule]);
});

test('a clean file is accepted', async () => {
  const [result] = await eslint.lintFiles(['src/client/answer.ts']);
  expect(result?.messages).toEqual([]);
});
