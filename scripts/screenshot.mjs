/**
 * Takes the pictures of the demo that the README shows: docs/demo.png (light) and
 * docs/demo-dark.png. Needs the built demo (`npm run build:demo`), and fonts for the examples'
 * scripts.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { browserLaunch } from './browser-launch.mjs';

const SHOTS = /** @type {const} */ ([
  { name: 'demo.png', colorScheme: 'light', query: 'बिल्ली' },
  { name: 'demo-dark.png', colorScheme: 'dark', query: '犬' },
]);
const path = (/** @type {string} */ relative) =>
  fileURLToPath(new URL(`../${relative}`, import.meta.url));

const server = await preview({ configFile: path('vite.config.ts'), logLevel: 'silent' });
const url = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch(browserLaunch());
// Smaller than life: photos make large PNGs, and the README shows them 720 pixels wide.
const context = await browser.newContext({
  viewport: { width: 1280, height: 700 },
  deviceScaleFactor: 0.75,
});
const page = await context.newPage();
await mkdir(path('docs'), { recursive: true });

await page.goto(url);
const activity = page.getByRole('region', { name: 'Activity' });
await activity.getByText(/photos added/).waitFor({ timeout: 180_000 });
await activity.getByRole('button', { name: 'Dismiss' }).click();
for (const { name, colorScheme, query } of SHOTS) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.getByRole('button', { name: query }).click();
  await page.getByRole('heading', { name: query }).waitFor();
  await page.locator('main[aria-busy="false"]').waitFor();
  await page.mouse.move(0, 0);
  await page.screenshot({
    path: path(`docs/${name}`),
    animations: 'disabled',
  });
}
await browser.close();
await server.close();
