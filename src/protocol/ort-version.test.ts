import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ORT_VERSION } from './ort-version';

test('it is the version that is installed', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  expect(ORT_VERSION).toBe(dependencies['onnxruntime-web']);
});
