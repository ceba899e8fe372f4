/**
 * Prepares picture files in workers of the image tower's worker, as a run of the graph blocks that
 * one: while it computes, the next pictures are decoded, resized and made thumbnails of.
 */
import { untilAborted } from '../core/until-aborted';
import { PhotoglotError } from '../errors';
import { decodeError } from '../protocol/error-codec';
import { beforeEnd, threadGone } from '../protocol/own-workers';
import type { CallReply } from '../protocol/rpc';
import type { PictureInput } from '../protocol/tower-contract';
import { WorkerLife } from '../protocol/worker-life';
import {
  PIXELS_AT_ONCE,
  type PicturePreparer,
  type PictureTarget,
  type PreparedPicture,
  type PrepareOptions,
  type Preparing,
} from './prepare-picture';
import type { PreparingTask } from './preparing-host';
import { spawnPreparingWorker } from './spawn-preparing-worker';

/** After so long without work the workers let go of what they keep: a canvas as large as the last photo. */
const IDLE_MS = 10_000;
/** Its file comes from where this worker's did, and is small. */
const START_MS = 20_000;
/** An idle worker lets go of its lock within milliseconds. */
const GONE_MS = 500;

export interface PreparingPoolOptions {
  readonly target: PictureTarget;
  /** Does what no worker does: pixels at hand, and files where workers cannot be had. */
  readonly local: PicturePreparer;
  /** Workers at most. @default 2, or none on one core */
  readonly count?: number;
  /** @default the SDK's own worker */
  readonly spawn?: () => Worker;
}

interface Helper {
  readonly life: WorkerLife;
  /** Pictures that it was given. */
  pending: number;
}

/**
 * Gives what a `PicturePreparer` gives, and rejects as that does. Workers are spawned at once, so that
 * nothing is fetched any more when pictures are added. If one fails, its pictures are prepared here,
 * and no other takes its place.
 */
export class PreparingPool implements Preparing {
  readonly #target: PictureTarget;
  readonly #local: PicturePreparer;
  readonly #helpers = new Set<Helper>();
  /** Each one's share. */
  readonly #pixelsAtOnce: number;
  #nextId = 1;
  #busy = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor({ target, local, count = preparingWorkers(), spawn }: PreparingPoolOptions) {
    this.#target = target;
    this.#local = local;
    this.#pixelsAtOnce = PIXELS_AT_ONCE / Math.max(1, count);
    beforeEnd(() => this.end());
    for (let each = 0; each < count; each++) this.#add(spawn ?? spawnPreparingWorker);
  }

  /** Workers that are there now. */
  get size(): number {
    return this.#helpers.size;
  }

  async prepare(input: PictureInput, options: PrepareOptions): Promise<PreparedPicture> {
    const helper = input.kind === 'blob' ? this.#leastBusy() : null;
    if (input.kind !== 'blob' || helper === null) return this.#local.prepare(input, options);
    clearTimeout(this.#idle);
    this.#busy++;
    helper.pending++;
    let reply: CallReply;
    try {
      reply = await this.#ask(helper, input.blob, options);
    } catch {
      // It has died, or the caller has given up: then this rejects, too.
      return await this.#local.prepare(input, options);
    } finally {
      helper.pending--;
      if (--this.#busy === 0) this.#rest();
    }
    if (!reply.ok) throw decodeError(reply.error);
    return reply.result as PreparedPicture;
  }

  /** Ends the workers; later pictures are prepared here. Never rejects. */
  async end(): Promise<void> {
    clearTimeout(this.#idle);
    const lives = [...this.#helpers].map(({ life }) => life);
    this.#helpers.clear();
    for (const life of lives) life.end(new PhotoglotError('disposed', 'The worker was ended.'));
    await Promise.all(lives.map((life) => life.gone(GONE_MS)));
    await threadGone();
  }

  #ask({ life }: Helper, blob: Blob, options: PrepareOptions): Promise<CallReply> {
    const id = this.#nextId++;
    const { gate, ...rest } = options;
    const args: PreparingTask = {
      blob,
      target: this.#target,
      pixelsAtOnce: this.#pixelsAtOnce,
      priority: gate.priority,
      options: rest,
    };
    const call = life.call({ id, method: 'prepare', args }, undefined, []);
    return untilAborted(call, gate.signal, () => {
      life.abort(id);
    });
  }

  /** Null where there is none. */
  #leastBusy(): Helper | null {
    return [...this.#helpers].reduce<Helper | null>(
      (best, each) => (best === null || each.pending < best.pending ? each : best),
      null,
    );
  }

  #add(spawn: () => Worker): void {
    try {
      const life = new WorkerLife(spawn(), {
        startTimeoutMs: START_MS,
        onCrash: () => {
          this.#helpers.delete(helper);
        },
      });
      const helper: Helper = { life, pending: 0 };
      this.#helpers.add(helper);
    } catch {
      // A policy that forbids workers.
    }
  }

  #rest(): void {
    this.#idle = setTimeout(() => {
      for (const { life } of this.#helpers) {
        // One that is gone has nothing left.
        life
          .call({ id: this.#nextId++, method: 'rest', args: null }, undefined, [])
          .catch(() => null);
      }
    }, IDLE_MS);
  }
}

/**
 * None on one core, which is busy with the graph. One alone gets too little of two cores on which
 * the graph has two threads: photos of 12 megapixels were no faster than without; with two they were
 * by 15 %, with three not more (`mini`).
 */
function preparingWorkers(): number {
  return navigator.hardwareConcurrency > 1 ? 2 : 0;
}
