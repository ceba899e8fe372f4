/** Installs the service worker, and notices when a newer version of the page waits. */
import type { AppState } from './app-state';
import type { Store } from './store';

/** A new version never takes over by itself: open pages would lose the files they run on. */
export async function keepOffline(store: Store<AppState>): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register('sw.js', { scope: './' });
    const look = (): void => {
      const waits = registration.waiting !== null && navigator.serviceWorker.controller !== null;
      store.patch({ updateReady: waits });
    };
    look();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', look);
    });
  } catch {
    // Without it the page works, only not offline: a private window, say.
  }
}

/** Lets the waiting version take over, and reloads. */
export async function takeUpdate(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    location.reload();
  });
  registration?.waiting?.postMessage('take-over');
}
