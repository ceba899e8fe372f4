import { expect, test } from 'vitest';
import { failureOf } from '../../core/test-workers/failure-of';
import { familyOf } from './model-families';

test('a model that is no dual encoder is refused, and what would do is named', () => {
  for (const type of ['bert', undefined, 7]) {
    expect(failureOf(() => familyOf(type))).toMatch(/^session-failed: .*clip, siglip\.$/);
  }
});

test('the halves of a family are of the same kind', () => {
  expect(familyOf('siglip')).toMatchObject({
    text: { model: 'SiglipTextModel' },
    image: { model: 'SiglipVisionModel' },
    padding: 'full',
  });
});
