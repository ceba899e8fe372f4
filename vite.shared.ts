/** What the builds, the dev server and the browser tests have in common. */
import { defaultClientConditions, type Plugin } from 'vite';

/** They make a page cross-origin isolated, which threads (SharedArrayBuffer) need. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Picks the builds of onnxruntime-web that load their wasm by URL instead of embedding it. */
export const ORT_CONDITIONS = ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions];

/** Dependencies named up front: one that is found later makes the dev server reload the page. */
export const PREBUNDLED = [
  'comlink',
  'idb',
  'valibot',
  '@huggingface/tokenizers',
  'hash-wasm',
  'hyparquet',
  'hyparquet/src/column.js',
  'hyparquet-writer',
];

/**
 * ORT imports its loader (public/ort/*.mjs) at run time. The dev server would take that for
 * source code and refuse, as the file is public; without the query it serves the file as it is.
 */
export function serveOrtAsIs(): Plugin {
  return {
    name: 'photoglot:serve-ort-as-is',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (/^\/ort\/[^?]+\.mjs\?/.test(request.url ?? '')) {
          request.url = request.url?.replace(/\?.*$/, '');
        }
        next();
      });
    },
  };
}
