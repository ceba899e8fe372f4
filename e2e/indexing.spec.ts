/** A long run: seen, paused, resumed and stopped. */
import { expect, test } from './fixtures';
import { writePhotos } from './support/pictures';

test('shows progress, pauses, goes on and stops', async ({ demo }, testInfo) => {
  const { activity } = demo;
  const bar = activity.getByRole('progressbar', { name: 'Adding photos' });
  await demo.open();
  await demo.pick(writePhotos(160, testInfo.outputPath('photos')));
  await expect(bar).toBeVisible();
  await expect(activity).toContainText(/photos\/s · \d+ (s|min) left/);

  await activity.getByRole('button', { name: 'Pause' }).click();
  await expect(activity).toContainText('Paused');
  const held = await demo.photos.count();
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(160);
  // A search is answered meanwhile, and no photo is added: all that are there are found.
  await demo.search('sushi');
  await expect(demo.photos).toHaveCount(held);
  await demo.searchBox.press('Escape');

  await activity.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => demo.photos.count()).toBeGreaterThan(held);
  await activity.getByRole('button', { name: 'Cancel' }).click();
  await expect(activity).toContainText('Stopped. Photos added before that are kept.');
  const kept = await demo.photos.count();
  await demo.page.reload();
  await demo.ready();
  await expect(demo.photos).toHaveCount(kept);
});

test.describe('for a newcomer', () => {
  test.use({ newcomer: true });

  test('indexes the sample photos before their eyes', async ({ demo }) => {
    await demo.page.goto('./');
    await expect(
      demo.activity.getByRole('progressbar', { name: 'Loading the model' }),
    ).toBeVisible();
    // Typed too early: the answer comes when it can.
    await demo.searchBox.fill('lighthouse');
    await expect(demo.activity.getByRole('progressbar', { name: 'Adding photos' })).toBeVisible();
    await demo.answered('lighthouse');
    await demo.indexed();
    await expect(demo.first).toContainText('Lighthouse');
    await demo.first.click();
    await expect(demo.dialog).toContainText('Licence');
  });
});
