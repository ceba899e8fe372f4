/** Files that are no good, or too good, among good ones. */
import { expect, test } from './fixtures';
import { writeBigPng } from './support/big-png';
import { corruptJpeg, emptyFile, samples, textAsJpeg } from './support/pictures';

test('reports bad files in plain words and adds the rest', async ({ demo }) => {
  await demo.open();
  const [horse, castle] = samples('brown-horse', 'old-castle');
  await demo.add([horse, corruptJpeg, emptyFile, textAsJpeg, castle].filter((file) => !!file));
  await expect(demo.photos).toHaveCount(2);
  await expect(demo.activity).toContainText('2 photos added');
  await expect(demo.activity).toContainText('3 files could not be added');
  expect(await demo.reasonFor('corrupt.jpg')).toBe('Damaged or incomplete: it cannot be opened.');
  expect(await demo.reasonFor('empty.jpg')).toBe('Empty: the file has no content.');
  expect(await demo.reasonFor('letter.jpg')).toBe('Not a kind of picture that this browser opens.');
});

test('indexes a picture of 12,000 × 9,000 pixels', async ({ demo }, testInfo) => {
  const path = testInfo.outputPath('meadow.png');
  await writeBigPng(path, 12_000, 9_000);
  await demo.open();
  await demo.add([path]);
  await expect(demo.photo('meadow.png')).toBeVisible();
  await expect(demo.activity).toContainText('1 photo added');
});
