/** What runs in a preparing worker: picture files become what the tower sees, one tower per worker. */
import type { CallContext } from '../protocol/contract-types';
import type { Priority } from '../protocol/tower-contract';
import { withTransfer } from '../protocol/transfer';
import {
  PicturePreparer,
  type PreparedPicture,
  type PrepareOptions,
  type PictureTarget,
} from './prepare-picture';

/** A picture file, and all that there is to know for preparing it. */
export interface PreparingTask {
  readonly blob: Blob;
  /** The same in all tasks of a worker. */
  readonly target: PictureTarget;
  /** Decoded pixels that this worker may have in memory at once; the same in all its tasks. */
  readonly pixelsAtOnce: number;
  readonly priority: Priority;
  readonly options: Omit<PrepareOptions, 'gate'>;
}

/** What the worker of an image tower asks of its preparing workers. */
export interface PreparingContract {
  /** Rejects as `PicturePreparer.prepare` does. The bytes move to the caller. */
  prepare(args: PreparingTask, context: CallContext<never>): Promise<PreparedPicture>;
  /** Lets go of what was kept for the next picture. */
  rest(args: null, context: CallContext<never>): Promise<null>;
}

export class PreparingHost implements PreparingContract {
  #preparer: PicturePreparer | null = null;

  async prepare(
    { blob, target, pixelsAtOnce, priority, options }: PreparingTask,
    { signal }: CallContext<never>,
  ): Promise<PreparedPicture> {
    this.#preparer ??= new PicturePreparer(target, pixelsAtOnce);
    const gate = { priority, signal };
    const picture = await this.#preparer.prepare({ kind: 'blob', blob }, { ...options, gate });
    return withTransfer(picture, [picture.rgb.buffer]);
  }

  rest(): Promise<null> {
    this.#preparer = null;
    return Promise.resolve(null);
  }
}
