/** Nothing leaves the device: watched in the browser, and on the wire. */
import { withoutSamples, expect, test } from './fixtures';
import { DemoPage } from './pages/demo-page';
import { startDemoServer } from './support/demo-server';
import { samples } from './support/pictures';
import { startRecordingProxy } from './support/recording-proxy';

/**
 * Chromium's form filling looks up every page with a text field, by a hash of the field's name.
 * It is the browser that asks, no page can prevent it, and the proxy lets none of it out.
 */
const BROWSERS_OWN = 'content-autofill.googleapis.com:443';

test('asks only its own server, and nobody once it is loaded', async ({ browser }) => {
  const server = await startDemoServer();
  const proxy = await startRecordingProxy();
  // Without the last entry, requests to this machine would go past the proxy.
  const context = await browser.newContext({
    proxy: { server: proxy.url, bypass: '<-loopback>' },
  });
  await context.addInitScript(withoutSamples);
  const seen: string[] = [];
  context.on('request', (request) => seen.push(request.url()));

  const demo = new DemoPage(await context.newPage());
  await demo.open(server.url);
  await demo.offlineReady();
  expect(proxy.requests).toContain(`${server.url}models/mini/manifest.json`);
  // When to look for a newer service worker is the browser's own choice, too; it asks for nothing else.
  const ownAsks = [BROWSERS_OWN, `${server.url}sw.js`];
  const wire = (): string[] => proxy.requests.filter((url) => !ownAsks.includes(url));
  const [onWire, inBrowser] = [wire().length, seen.length];

  await demo.add(samples('brown-horse', 'old-castle', 'bicycle'));
  await demo.search('قلعة');
  await demo.photo('bicycle').click();
  await demo.dialog.getByRole('button', { name: 'More like this' }).click();
  await expect(demo.heading('Photos like this picture')).toBeVisible();
  await demo.settled();

  expect(wire().slice(onWire)).toEqual([]);
  expect(seen.slice(inBrowser).filter((url) => !/^(blob|data):/.test(url))).toEqual([]);
  const foreign = [...wire(), ...seen].filter(
    (url) => !url.startsWith(server.url) && !/^(blob|data):/.test(url),
  );
  expect(foreign).toEqual([]);
  await context.close();
  await proxy.stop();
  await server.stop();
});
