/** Journeys through the built demo, in the same Chromium as the other tests. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { browserLaunch } from '../scripts/browser-launch.mjs';

const PORT = 4317;
const ORIGIN = `http://localhost:${String(PORT)}`;

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/e2e',
  forbidOnly: true,
  // A test that passes only sometimes has found something.
  retries: 0,
  // Every journey runs a model on all cores: side by side they would only slow each other down.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  use: {
    baseURL: ORIGIN,
    browserName: 'chromium',
    launchOptions: browserLaunch(),
    trace: 'retain-on-failure',
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${String(PORT)} --strictPort`,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    url: ORIGIN,
    reuseExistingServer: false,
  },
});
