/** Pictures as queries, and the large view. */
import { expect, test } from './fixtures';
import { samples } from './support/pictures';

const PHOTOS = samples(
  'brown-horse',
  'four-horses',
  'bicycle',
  'lighthouse',
  'sushi',
  'old-castle',
);

test.beforeEach(async ({ demo }) => {
  await demo.open();
  await demo.add(PHOTOS);
});

test('finds photos like a photo of the library', async ({ demo }) => {
  await demo.photo('brown-horse').hover();
  await demo.page.getByRole('button', { name: 'More like brown-horse' }).click();
  await expect(demo.heading('Photos like this picture')).toBeVisible();
  await expect(demo.first).toContainText('four-horses');
  await demo.page.reload();
  await expect(demo.first).toContainText('four-horses');
});

test('finds photos like a picture that is picked or dropped', async ({ demo }) => {
  const [horse] = samples('brown-horse');
  await demo.page
    .getByLabel('Search with a picture')
    .last()
    .setInputFiles(horse ?? []);
  await expect(demo.heading('Photos like this picture')).toBeVisible();
  await expect(demo.first).toContainText('brown-horse');
  await demo.searchBox.press('Escape');
  await expect(demo.heading('All photos')).toBeVisible();

  const [sushi] = samples('sushi');
  const transfer = await demo.page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], 'dinner.jpg', { type: 'image/jpeg' }));
      return data;
    },
    [...(sushi?.buffer ?? [])],
  );
  await demo.searchBox.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(demo.first).toContainText('sushi');
  // As a query, not as a new photo.
  await expect(demo.photos).toHaveCount(6);
});

test('adds what is dropped anywhere else', async ({ demo }) => {
  const [cake] = samples('small-cakes');
  const transfer = await demo.page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], 'cake.jpg', { type: 'image/jpeg' }));
      return data;
    },
    [...(cake?.buffer ?? [])],
  );
  await demo.page.locator('main').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(demo.photos).toHaveCount(7);
});

test('shows a photo large, and its neighbours', async ({ demo }) => {
  await demo.photo('four-horses').click();
  await expect(demo.dialog.getByRole('heading')).toHaveText('four-horses.jpg');
  const picture = demo.dialog.getByRole('img', { name: 'four-horses.jpg' });
  // The file itself, not its thumbnail of 320 pixels.
  await expect
    .poll(() => picture.evaluate((element) => (element as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(320);
  await demo.page.keyboard.press('ArrowRight');
  await expect(demo.dialog.getByRole('heading')).toHaveText('bicycle.jpg');
  await demo.page.keyboard.press('Escape');
  await expect(demo.dialog).toBeHidden();
  await expect(demo.photo('bicycle')).toBeFocused();
});
