/** `npm start`: the demo on a local server. */
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { copyOrt } from './copy-ort.mjs';

await copyOrt();
const server = await createServer({
  configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
});
await server.listen();
const address = server.resolvedUrls?.local[0] ?? 'the address above';
console.log(`\nPhotoglot is running at ${address}\nPress Ctrl+C to stop.\n`);
