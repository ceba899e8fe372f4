/** From photos to answers, and back after a reload and without a server. */
import { DemoPage } from './pages/demo-page';
import { expect, test } from './fixtures';
import { startDemoServer } from './support/demo-server';
import { samples } from './support/pictures';

const PHOTOS = [
  'brown-horse',
  'cat-lying-down',
  'shepherd-dog',
  'bicycle',
  'classical-guitar',
  'lighthouse',
  'pizza-emoji',
  'honey-bee',
  'vintage-red-car',
  'penguin-on-rocks',
  'sunflower',
  'hot-air-balloon',
];

/** Language, query, and the photo that must come first. */
const QUERIES = [
  ['Spanish', 'guitarra', 'classical-guitar'],
  ['Russian', 'собака', 'shepherd-dog'],
  ['Japanese', '自転車', 'bicycle'],
  ['Hindi', 'बिल्ली', 'cat-lying-down'],
  ['Arabic', 'نحلة', 'honey-bee'],
  ['Korean', '등대', 'lighthouse'],
] as const;

async function findsEverything(demo: DemoPage): Promise<void> {
  for (const [language, query, photo] of QUERIES) {
    await demo.search(query);
    await expect(demo.first, `${language}: ${query}`).toContainText(photo);
  }
}

test('finds photos in six languages, after a reload, and without a server', async ({ context }) => {
  const server = await startDemoServer();
  const demo = new DemoPage(await context.newPage());
  await demo.open(server.url);
  await demo.add(samples(...PHOTOS));
  await expect(demo.photos).toHaveCount(PHOTOS.length);
  await findsEverything(demo);

  await demo.page.goto(server.url);
  await demo.ready();
  await expect(demo.photos).toHaveCount(PHOTOS.length);
  await findsEverything(demo);

  await demo.offlineReady();
  await demo.page.close();
  await server.stop();
  const again = new DemoPage(await context.newPage());
  await again.open(server.url);
  expect(await again.page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(again.photos).toHaveCount(PHOTOS.length);
  await findsEverything(again);
});

test('keeps the query in the address', async ({ demo }) => {
  await demo.open();
  await demo.add(samples('brown-horse', 'bicycle', 'lighthouse'));
  await demo.search('자전거');
  await expect(demo.first).toContainText('bicycle');
  await demo.page.reload();
  await demo.answered('자전거');
  await expect(demo.searchBox).toHaveValue('자전거');
  await expect(demo.first).toContainText('bicycle');
});

test('removes one photo, then all of them', async ({ demo }) => {
  await demo.open();
  await demo.add(samples('brown-horse', 'bicycle', 'lighthouse'));
  await demo.photo('bicycle').click();
  await demo.dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(demo.photos).toHaveCount(2);
  await demo.page.getByRole('button', { name: 'Clear all' }).click();
  await demo.page.getByRole('button', { name: 'Remove all' }).click();
  await expect(demo.heading('Drop photos or folders anywhere')).toBeVisible();
  await demo.page.reload();
  await expect(demo.heading('Drop photos or folders anywhere')).toBeVisible();
});

test('adds a photo once, however often it is picked', async ({ demo }) => {
  await demo.open();
  await demo.add(samples('brown-horse'));
  await demo.add(samples('brown-horse', 'bicycle'));
  await expect(demo.activity).toContainText('1 photo added, 1 photo already here');
  await expect(demo.photos).toHaveCount(2);
});
