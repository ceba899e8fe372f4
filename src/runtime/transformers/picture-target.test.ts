import { expect, test } from 'vitest';
import { failureOf } from '../../core/test-workers/failure-of';
import { pictureTarget, type ProcessorFields } from './picture-target';

const CROP = { do_center_crop: true, crop_size: { width: 224, height: 224 } };

test.each([
  {
    name: 'CLIP',
    fields: { size: { shortest_edge: 224 }, ...CROP, resample: 3 },
    geometry: { width: 224, height: 224, fit: 'crop' },
    filter: 'bicubic',
  },
  {
    name: 'an old CLIP',
    fields: { size: 224, do_center_crop: true, crop_size: 224, resample: 2 },
    geometry: { width: 224, height: 224, fit: 'crop' },
    filter: 'bilinear',
  },
  {
    name: 'one that crops from something larger',
    fields: { size: { shortest_edge: 256 }, ...CROP, resample: 2 },
    geometry: { width: 256, height: 256, fit: 'crop' },
    filter: 'bilinear',
  },
  {
    name: 'SigLIP',
    fields: { size: { width: 384, height: 256 }, resample: 3 },
    geometry: { width: 384, height: 256, fit: 'squash' },
    filter: 'bicubic',
  },
])('what $name takes', ({ fields, geometry, filter }) => {
  const target = pictureTarget(fields);
  expect(target.geometry).toEqual({ kind: 'fixed', ...geometry });
  expect(target.filter).toBe(filter);
});

test.each<ProcessorFields>([
  {},
  { size: { longest_edge: 224 } },
  { size: { shortest_edge: 224 } },
  { size: { shortest_edge: 224, longest_edge: 400 }, ...CROP },
  // The rest would be padding.
  { size: { shortest_edge: 200 }, ...CROP },
  { size: { width: 224, height: 224 }, do_resize: false },
])('%o is not understood', (fields) => {
  expect(failureOf(() => pictureTarget(fields))).toMatch(/^session-failed: .*preprocessor_config/);
});
