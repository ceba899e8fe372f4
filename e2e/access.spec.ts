/** Usable without a mouse, and without eyes. */
import axe, { type AxeResults } from 'axe-core';
import { expect, test } from './fixtures';
import type { DemoPage } from './pages/demo-page';
import { corruptJpeg, samples } from './support/pictures';

const PHOTOS = samples('brown-horse', 'bicycle', 'lighthouse', 'sushi', 'old-castle');

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' });

    test('has no faults that axe finds', async ({ demo }) => {
      await demo.open();
      await expect(demo.heading('Drop photos or folders anywhere')).toBeVisible();
      expect(await faults(demo)).toEqual([]);
      await demo.add([...PHOTOS, corruptJpeg]);
      await demo.activity.locator('summary').click();
      expect(await faults(demo)).toEqual([]);
      await demo.search('مَنارة');
      expect(await faults(demo)).toEqual([]);
      await demo.first.click();
      await expect(demo.dialog).toBeVisible();
      expect(await faults(demo)).toEqual([]);
    });
  });
}

test('can be used with the keyboard alone', async ({ demo }) => {
  const { page } = demo;
  await demo.open();
  await demo.add(PHOTOS);
  await page.keyboard.press('/');
  await expect(demo.searchBox).toBeFocused();
  await page.keyboard.type('bicycle');
  await demo.answered('bicycle');
  await page.keyboard.press('Escape');
  await expect(demo.searchBox).toHaveValue('');
  await expect(demo.heading('All photos')).toBeVisible();

  await demo.first.focus();
  await page.keyboard.press('ArrowRight');
  await expect(demo.photo('bicycle')).toBeFocused();
  await page.keyboard.press('End');
  await expect(demo.photo('old-castle')).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(demo.dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(demo.photo('brown-horse')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'More like brown-horse' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(demo.heading('Photos like this picture')).toBeVisible();
});

test('says what happens', async ({ demo }) => {
  await demo.open();
  await expect(demo.status).toHaveText('Ready to search.');
  await demo.add(PHOTOS);
  await expect(demo.status).toHaveText('5 photos added.');
  await demo.search('перец');
  await expect(demo.status).toHaveText(/^\d results? for перец$/);
});

/** Rule and place of each violation. */
async function faults({ page }: DemoPage): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async (): Promise<AxeResults> => {
    const { axe: inPage } = window as unknown as { axe: typeof axe };
    return inPage.run();
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${JSON.stringify(target)}`),
  );
}
