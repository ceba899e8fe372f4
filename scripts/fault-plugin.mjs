/** The fault server inside a Vite server, and on a second origin: `GET /faults` tells its address. */
import { createFaultServer, faultHandler } from './fault-server.mjs';

/** @returns {import('vite').Plugin} */
export function serveFaults() {
  return {
    name: 'photoglot:serve-faults',
    configureServer({ middlewares, httpServer }) {
      const handler = faultHandler();
      /** @type {ReturnType<typeof createFaultServer> | undefined} */
      let other;
      middlewares.use('/faults', (request, response, next) => {
        if (request.url !== '/') return next();
        other ??= createFaultServer({ handler });
        other.then(({ url }) => response.end(JSON.stringify({ url })), next);
      });
      middlewares.use(handler);
      httpServer?.once('close', () => void other?.then(({ close }) => close()));
    },
  };
}
