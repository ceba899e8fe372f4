/** What only the demo needs of its build: a content security policy, and a service worker. */
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const STRICT: Readonly<Record<string, string>> = {
  'default-src': "'self'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** The dev server injects styles and listens for changes. */
const DEV: Readonly<Record<string, string>> = {
  ...STRICT,
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws: wss:",
};

/** Puts the policy into the page, ahead of everything that it governs. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'photoglot:content-security-policy',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { server }) => {
        const content = Object.entries(server === undefined ? STRICT : DEV)
          .map(([directive, sources]) => `${directive} ${sources}`)
          .join('; ');
        const attrs = { 'http-equiv': 'Content-Security-Policy', content };
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}

/**
 * Keeps the page, its workers, the ORT files that it runs on and the sample photos for offline use.
 * Models are not in it: the SDK keeps them itself.
 */
export function offline(): readonly Plugin[] {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: '.',
    filename: 'sw.ts',
    // The page registers it itself, when the model has been loaded.
    injectRegister: false,
    registerType: 'prompt',
    injectManifest: {
      globPatterns: ['**/*.{html,js,mjs,css,wasm,svg,png,jpg,json,webmanifest}'],
      globIgnores: ['models/**', 'ort/*.asyncify.*', 'ort/*.jspi.*', 'bare.html'],
      // ORT's wasm has 14 MB.
      maximumFileSizeToCacheInBytes: 32_000_000,
      dontCacheBustURLsMatching: /assets\//,
    },
    manifest: {
      name: 'Photoglot',
      short_name: 'Photoglot',
      description: 'Find your photos in any language. Nothing leaves this device.',
      lang: 'en',
      display: 'standalone',
      start_url: './',
      scope: './',
      background_color: '#f8f6f2',
      theme_color: '#f8f6f2',
      categories: ['photo', 'utilities'],
      icons: [
        { src: 'icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
        {
          src: 'icons/icon-maskable-512.png',
          sizes: '512x512',
          type: 'image/png',
          purpose: 'maskable',
        },
      ],
    },
  });
}
