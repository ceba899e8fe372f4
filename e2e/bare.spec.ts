/** The SDK alone: the page that uses it never feels the work. */
import { expect, test } from './fixtures';
import { writePhotos } from './support/pictures';

// Recording what the page looks like takes time on its main thread.
test.use({ trace: 'off' });

test('indexes 200 photos without a long task', async ({ page }, testInfo) => {
  await page.goto('./bare.html');
  await page.getByLabel('Photos').setInputFiles(writePhotos(200, testInfo.outputPath('photos')));
  await page.getByRole('button', { name: 'Index' }).click();
  const output = page.locator('output');
  await expect(output).toHaveText(/./, { timeout: 150_000 });
  expect(JSON.parse(await output.innerText())).toEqual({ added: 200, failed: 0, longTasks: [] });
});
