/** The built demo, served as `npm run preview` does, by a server that a test can stop. */
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const CONFIG = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));

export interface DemoServer {
  /** Ends in `/`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server on a port of its own, and with it an origin of its own. */
export async function startDemoServer(): Promise<DemoServer> {
  const server = await preview({ configFile: CONFIG, logLevel: 'silent', preview: { port: 4320 } });
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('The preview server has no address.');
  return { url, stop: () => server.close() };
}
