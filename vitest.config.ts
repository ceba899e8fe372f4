/**
 * Two projects: `node` for what is pure, `browser` for all that needs the platform, in a real
 * Chromium with real workers.
 */
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { browserLaunch } from './scripts/browser-launch.mjs';
import { serveFaults } from './scripts/fault-plugin.mjs';
import { ISOLATION_HEADERS, ORT_CONDITIONS, PREBUNDLED, serveOrtAsIs } from './vite.shared.ts';

export default defineConfig(() => ({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'src/**/*.test.ts',
            'demo/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/*.test.ts',
            'cli/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts', '**/lint-fixtures/**', 'node_modules/**'],
          // The lint rules are tested by running ESLint with types, which takes its time.
          testTimeout: 60_000,
          typecheck: {
            enabled: true,
            include: ['src/**/*.test-d.ts'],
            tsconfig: 'tsconfig.tests.json',
          },
        },
      },
      {
        publicDir: 'public',
        plugins: [serveOrtAsIs(), serveFaults()],
        resolve: { conditions: ORT_CONDITIONS },
        worker: { format: 'es' as const },
        server: { headers: ISOLATION_HEADERS },
        // transformers.js would be packed with the SDK's onnxruntime-web instead of its own.
        optimizeDeps: {
          include: [...PREBUNDLED, 'fast-check'],
          exclude: ['onnxruntime-web', '@huggingface/transformers'],
        },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts'],
          testTimeout: 60_000,
          provide: {
            storeModel: {
              runs: Number(process.env.STORE_MODEL_RUNS ?? 5),
              seed: Number(process.env.STORE_MODEL_SEED ?? 7),
            },
          },
          // Of conditions that are waited for; the default of a second is short on a busy machine.
          expect: { poll: { timeout: 30_000 } },
          // Files one after the other: they share two cores, and the models are large.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: browserLaunch() }),
            instances: [{ browser: 'chromium' as const }],
          },
        },
      },
    ],
  },
}));
