import { describe, expect, test } from 'vitest';
import { findModel, isModelAddress } from './registry';

describe('findModel', () => {
  test('knows mini', () => {
    expect(findModel('mini')).toEqual({ id: 'mini', path: 'models/mini/' });
  });

  test.each(['huge', '', 'Mini', 'constructor'])('says what there is instead of "%s"', (id) => {
    expect(() => findModel(id)).toThrow(
      expect.objectContaining({
        code: 'model-not-found',
        message: expect.stringContaining(`no model "${id}". Known models: mini.`) as string,
      }) as Error,
    );
  });
});

test.each([
  ['mini', false],
  ['bge-siglip', false],
  ['/models/bge-siglip/', true],
  ['models/bge-siglip', true],
  ['./bge-siglip', true],
  ['https://example.org/models/bge-siglip', true],
])('whether %s is an address: %s', (model, expected) => {
  expect(isModelAddress(model)).toBe(expected);
});
