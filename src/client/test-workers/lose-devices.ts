/** The page's side of `losable-device.ts`. */
import { LOSE, type LoseWhen } from './losable-device';

const channel = new BroadcastChannel(LOSE);

/** Resolves when the worker has done it: its port and this channel have no order between them. */
export async function loseDevices(when: LoseWhen): Promise<void> {
  const answered = new Promise((resolve) => {
    channel.addEventListener('message', resolve, { once: true });
  });
  channel.postMessage(when);
  await answered;
}
