import { expect, test } from 'vitest';
import * as photoglot from './index';
import * as modelCache from './model-cache';
import * as transformers from './transformers';

// A new name here is a promise to keep, a missing one a breaking change.
test('the public values are these', () => {
  expect(Object.keys(photoglot).sort()).toEqual([
    'DEFAULT_SIGNAL_WEIGHTS',
    'PauseController',
    'PhotoglotError',
    'bgeM3Preset',
    'capabilities',
    'colbertScore',
    'createLens',
    'denseScore',
    'hybridScore',
    'isPhotoglotError',
    'lexicalScore',
    'openModelCache',
    'siglip2VisionPreset',
    'signalScores',
  ]);
});

test('the public values of the model cache alone are among them', () => {
  const names = Object.keys(modelCache);
  expect(names.sort()).toEqual([
    'PauseController',
    'PhotoglotError',
    'bgeM3Preset',
    'isPhotoglotError',
    'openModelCache',
    'siglip2VisionPreset',
  ]);
  for (const name of names) expect(photoglot).toHaveProperty(name);
});

test('the public values of the door to transformers.js are these', () => {
  expect(Object.keys(transformers).sort()).toEqual([
    'PhotoglotError',
    'createTransformersLens',
    'isPhotoglotError',
  ]);
});
