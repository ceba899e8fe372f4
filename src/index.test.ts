import { expect, test } from 'vitest';
import * as photoglot from './index';

// A new name here is a promise to keep, a missing one a breaking change.
test('the public values are these', () => {
  expect(Object.keys(photoglot).sort()).toEqual([
    'DEFAULT_SIGNAL_WEIGHTS',
    'PhotoglotError',
    'colbertScore',
    'createLens',
    'denseScore',
    'hybridScore',
    'isPhotoglotError',
    'lexicalScore',
    'signalScores',
  ]);
});
