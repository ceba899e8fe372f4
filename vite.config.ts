/**
 * Two builds: the demo (the default; also what dev and preview serve) and, with `--mode lib`,
 * the library.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { contentSecurityPolicy, offline } from './vite.demo.ts';
import { ISOLATION_HEADERS, ORT_CONDITIONS, PREBUNDLED, serveOrtAsIs } from './vite.shared.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const shared: UserConfig = {
  base: './',
  resolve: { conditions: ORT_CONDITIONS },
  worker: { format: 'es' },
};

/** The demo imports the SDK by its name, as a stranger would. */
const demo: UserConfig = {
  ...shared,
  root: path('demo'),
  publicDir: path('public'),
  resolve: { conditions: ORT_CONDITIONS, alias: { photoglot: path('src/index.ts') } },
  server: { host: 'localhost', headers: ISOLATION_HEADERS, fs: { allow: [path('.')] } },
  preview: { host: 'localhost', headers: ISOLATION_HEADERS },
  optimizeDeps: { include: [...PREBUNDLED, 'lit'], exclude: ['onnxruntime-web'] },
  build: {
    outDir: path('dist-demo'),
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: { input: [path('demo/index.html'), path('demo/bare.html')] },
  },
  plugins: [serveOrtAsIs(), contentSecurityPolicy(), ...offline()],
};

/**
 * The library has no externals but the optional peer: `dist` works from any static server, without
 * a bundler, and a worker could not resolve bare module names anyway. ORT's wasm is not in it (see
 * copy-ort.mjs).
 */
const library: UserConfig = {
  ...shared,
  publicDir: false,
  worker: { ...shared.worker, rolldownOptions: { external: ['@huggingface/transformers'] } },
  build: {
    outDir: path('dist'),
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: true,
    lib: {
      entry: {
        photoglot: path('src/index.ts'),
        'model-cache': path('src/model-cache.ts'),
        transformers: path('src/transformers.ts'),
        // For the command line (bin/), which judges manifests as clients do.
        'model-checks': path('cli/model-checks.ts'),
      },
      formats: ['es'],
    },
    rolldownOptions: { output: { chunkFileNames: 'assets/[name]-[hash].js' } },
  },
  plugins: [plainPeerWorker()],
};

/**
 * Vite writes the URL of a worker in a form that other bundlers take for that of a plain file. The
 * one worker that imports the peer has to be found by them, so that they pack the peer into it.
 */
function plainPeerWorker(): Plugin {
  const wrapped =
    /new URL\(\s*(?:\/\*.*?\*\/\s*)?new URL\(("[^"]*transformers\.worker-[^"]*"), import\.meta\.url\)\.href,\s*"" \+ import\.meta\.url\s*\)/g;
  return {
    name: 'photoglot:plain-peer-worker',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || !chunk.facadeModuleId?.endsWith('src/transformers.ts'))
          continue;
        let found = 0;
        chunk.code = chunk.code.replace(wrapped, (_all, url: string) => {
          found++;
          return `new URL(${url}, import.meta.url)`;
        });
        if (found !== 2) this.error(`Expected the workers of transformers.js twice, got ${found}.`);
      }
    },
  };
}

export default defineConfig(({ mode }) => (mode === 'lib' ? library : demo));
