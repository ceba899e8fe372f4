/** Draws the PNG icons of the demo from public/icons/icon.svg. Run it when the drawing changes. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { browserLaunch } from './browser-launch.mjs';

const FOLDER = fileURLToPath(new URL('../public/icons/', import.meta.url));

/** `scale`: how much of the square the drawing fills; a maskable icon may lose its corners. */
const ICONS = [
  { name: 'icon-192.png', size: 192, scale: 1, background: 'transparent' },
  { name: 'icon-512.png', size: 512, scale: 1, background: 'transparent' },
  { name: 'icon-maskable-512.png', size: 512, scale: 0.58, background: '#f8f6f2' },
];

const drawing = await readFile(`${FOLDER}icon.svg`, 'utf8');
const browser = await chromium.launch(browserLaunch());
const page = await browser.newPage();
for (const { name, size, scale, background } of ICONS) {
  const side = Math.round(size * scale);
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>
    body { margin: 0; height: 100vh; display: grid; place-items: center; background: ${background} }
    svg { width: ${String(side)}px; height: ${String(side)}px }
  </style>${drawing}`);
  await page.screenshot({ path: FOLDER + name, omitBackground: true });
}
await browser.close();
