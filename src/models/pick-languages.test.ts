import { expect, test } from 'vitest';
import type { ModelManifest, TowerVariant } from './manifest';
import { pickLanguages } from './pick-languages';

const variant: TowerVariant = {
  engine: 'bert',
  file: 'text',
  dtype: 'int7',
  rows: [
    { name: 'core', file: 'core' },
    { name: 'latin', file: 'latin', languages: ['de', 'vi'] },
    { name: 'han', file: 'han', languages: ['ja', 'zh'] },
  ],
};
const graph: TowerVariant = { file: 'graph', dtype: 'int8' };

function manifestOf(...wasm: TowerVariant[]): ModelManifest {
  return { text: { backends: { wasm, webgpu: wasm } } } as unknown as ModelManifest;
}

function packsOf(manifest: ModelManifest): (readonly string[] | undefined)[] {
  const { wasm, webgpu } = manifest.text.backends;
  return [...wasm, ...webgpu].map(({ rows }) => rows?.map(({ name }) => name));
}

test('only the packs that the languages need, and those that all need', () => {
  const picked = pickLanguages(manifestOf(variant, graph), ['ja']);
  expect(packsOf(picked)).toEqual([['core', 'han'], undefined, ['core', 'han'], undefined]);
  expect(packsOf(pickLanguages(manifestOf(variant), ['de', 'zh']))[0]).toHaveLength(3);
});

test('all of them without a choice, and where words do not come in packs', () => {
  expect(packsOf(pickLanguages(manifestOf(variant), undefined))[0]).toHaveLength(3);
  expect(packsOf(pickLanguages(manifestOf(graph), ['tlh']))).toEqual([undefined, undefined]);
});

test('a language that no pack is for is refused, and those there are are named', () => {
  expect(() => pickLanguages(manifestOf(variant), ['de', 'tlh'])).toThrow(/"tlh".*de, ja, vi, zh/);
});
