/** Starts the page: the app, its root element, and the service worker once the model is there. */
import { App } from './state/app';
import { keepOffline } from './state/offline';
import './ui/pg-app';

const device = new URLSearchParams(location.search).get('device');
const app = new App(device === 'webgpu' || device === 'wasm' ? device : 'auto');

const root = document.querySelector('pg-app');
if (root !== null) root.app = app;

window.addEventListener('popstate', () => {
  app.followAddress();
});

await app.start();
// After the model, so as not to compete with it for the line.
if (import.meta.env.PROD) await keepOffline(app.store);
