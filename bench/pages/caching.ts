/**
 * One side fills its cache by itself, as a driver's connection to the browser would take memory, too:
 * its tools keep what the network brings. The query tells what to do and whom to tell.
 */
import type { DeliveryRequest } from './delivery-page';
import { photoglot } from './own-side';
import { transformers } from './peer';

const query = new URLSearchParams(location.search);
const report = query.get('report') ?? '';
const request = JSON.parse(query.get('request') ?? '{}') as DeliveryRequest;
const side = query.get('side') === 'photoglot' ? photoglot : transformers;

async function tell(what: string): Promise<void> {
  await fetch(report, { method: 'POST', body: what });
}

// The first answer comes when the idle page has been measured.
await tell('ready');
try {
  await side.download(request);
  await tell('done');
} catch (thrown) {
  await tell(`failed: ${String(thrown)}`);
}
