/**
 * Takes the pictures of the demo that the README shows: docs/demo.png (light) and
 * docs/demo-dark.png. Needs the built demo (`npm run build:demo`).
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { browserLaunch } from './browser-launch.mjs';

const QUERY = 'perro en la playa';
const path = (/** @type {string} */ relative) =>
  fileURLToPath(new URL(`../${relative}`, import.meta.url));

const server = await preview({ configFile: path('vite.config.ts'), logLevel: 'silent' });
const url = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch(browserLaunch());
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
await mkdir(path('docs'), { recursive: true });

await page.goto(url);
const activity = page.getByRole('region', { name: 'Activity' });
await activity.getByText(/photos added/).waitFor({ timeout: 180_000 });
await activity.getByRole('button', { name: 'Dismiss' }).click();
await page.getByRole('searchbox').fill(QUERY);
await page.getByRole('heading', { name: QUERY }).waitFor();
await page.locator('main[aria-busy="false"]').waitFor();
await page.getByRole('searchbox').press('Enter');
for (const [colorScheme, name] of /** @type {const} */ ([
  ['light', 'demo.png'],
  ['dark', 'demo-dark.png'],
])) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.screenshot({ path: path(`docs/${name}`), animations: 'disabled', caret: 'hide' });
}
await browser.close();
await server.close();
