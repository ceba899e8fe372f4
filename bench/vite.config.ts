/** Builds and serves the bench pages as an application of the SDK would be. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { ISOLATION_HEADERS, ORT_CONDITIONS } from '../vite.shared.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('pages'),
  base: './',
  // Models, pictures and ORT's files are served from where they are; see site.mjs.
  publicDir: false,
  resolve: { conditions: ORT_CONDITIONS, alias: { photoglot: path('../src/index.ts') } },
  worker: { format: 'es' },
  preview: { host: 'localhost', port: 4390, headers: ISOLATION_HEADERS },
  build: {
    outDir: path('../dist-bench'),
    emptyOutDir: true,
    target: 'es2023',
    // For profiles: pages and workers do not name them, so that no browser asks for them.
    sourcemap: 'hidden',
    rolldownOptions: {
      input: [
        'bench',
        'caching',
        'cold',
        'cutoff',
        'delivery',
        'empty',
        'faults',
        'models',
        'recall',
        'search',
        'soak',
      ].map((name) => path(`pages/${name}.html`)),
    },
  },
});
