/**
 * Of all tabs that want a model, one downloads it; the others wait and see its progress. The turn
 * is a Web Lock, so a tab that dies gives it up, and the next one goes on from what is kept.
 */
import { PhotoglotError } from '../errors';
import type { DeliveryProgress } from '../protocol/delivery-contract';
import { lockManager } from '../protocol/lock-manager';

export interface DownloadTurnOptions {
  /** Of the model. */
  readonly key: string;
  /** Of the storage: who keeps things apart need not wait for each other. */
  readonly scope: string;
  readonly signal: AbortSignal;
  /** Progress of the tab whose turn it is, while this one waits. */
  readonly onWaiting: (progress: DeliveryProgress) => void;
}

/** What a tab says that begins to wait: without it, it would learn nothing while the download halts. */
const HOW_FAR = 'how far?';

type TurnMessage = DeliveryProgress | typeof HOW_FAR;

/** Tells the waiting tabs how far it is. */
type TellOthers = (progress: DeliveryProgress) => void;

/** Runs `work` when it is this tab's turn. Rejects with `aborted` when the signal fires before that. */
export async function inDownloadTurn<Result>(
  { key, scope, signal, onWaiting }: DownloadTurnOptions,
  work: (tellOthers: TellOthers) => Promise<Result>,
): Promise<Result> {
  const name = `photoglot-download:${scope}:${key}`;
  const channel = new BroadcastChannel(name);
  const post = (message: TurnMessage): void => {
    channel.postMessage(message);
  };
  channel.onmessage = ({ data }: MessageEvent<TurnMessage>) => {
    if (data === HOW_FAR) return;
    // One that halts is worth telling: its tab has to go on, or be closed.
    const state = data.state === 'paused' ? 'paused' : 'waiting-for-other-tab';
    onWaiting({ ...data, state });
  };
  post(HOW_FAR);
  try {
    const locks = lockManager();
    const run = async (): Promise<Result> => {
      let latest: DeliveryProgress | null = null;
      channel.onmessage = ({ data }: MessageEvent<TurnMessage>) => {
        if (data === HOW_FAR && latest !== null) post(latest);
      };
      return await work((progress) => {
        latest = progress;
        post(progress);
      });
    };
    if (locks === undefined) return await run();
    return await locks.request(name, { signal }, run);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    const message = 'The download was aborted by its signal. What is kept of it stays.';
    throw new PhotoglotError('aborted', message, { cause: thrown });
  } finally {
    channel.close();
  }
}
