/** What the pages are served with. */
import { expect, test } from './fixtures';

test('is cross-origin isolated and keeps to a strict policy', async ({ demo }) => {
  const faults: string[] = [];
  demo.page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  demo.page.on('pageerror', ({ message }) => faults.push(message));
  await demo.open();
  expect(await demo.page.evaluate(() => crossOriginIsolated)).toBe(true);
  const policy = demo.page.locator('meta[http-equiv="Content-Security-Policy"]');
  await expect(policy).toHaveAttribute('content', /default-src 'self';.*object-src 'none'/);
  // Neither styles nor scripts of ours run into it.
  expect(faults).toEqual([]);
});

test('says so when the model cannot be had, and tries again', async ({ demo }) => {
  await demo.page.route('**/models/mini/*', (route) => route.abort());
  await demo.page.goto('./');
  const problem = demo.page.getByRole('alert');
  await expect(problem).toContainText('The model could not be downloaded');
  await demo.page.unroute('**/models/mini/*');
  await problem.getByRole('button', { name: 'Try again' }).click();
  await demo.ready();
});
