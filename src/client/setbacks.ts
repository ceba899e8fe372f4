/** Sees in the failures of items when it makes no sense to go on with others. */
import { toPhotoglotError, type PhotoglotError } from '../errors';
import type { Encoded } from './encode-items';
import { failureKind } from './item-failure';

/** So many in a row bring the encoder down: it is not the items. */
const MAX_BREAKDOWNS = 8;

export class Setbacks {
  #obstacle: PhotoglotError | null = null;
  #breakdowns = 0;

  /** Why nothing more can be done: the disk is full, say. All that is left fails with it. */
  get obstacle(): PhotoglotError | null {
    return this.#obstacle;
  }

  /** Notes what became of an item that was encoded. */
  encoded(result: Encoded): void {
    const kind = result.ok ? 'item' : failureKind(result.error.code);
    this.#breakdowns = kind === 'breakdown' ? this.#breakdowns + 1 : 0;
    if (result.ok) return;
    if (kind === 'obstacle' || this.#breakdowns >= MAX_BREAKDOWNS) this.#obstacle ??= result.error;
  }

  /** What the failure of a write means for the items of that write; throws when the call is to end. */
  writing(thrown: unknown): PhotoglotError {
    const error = toPhotoglotError(thrown);
    const kind = failureKind(error.code);
    if (kind === 'end') throw error;
    if (kind !== 'item') this.#obstacle ??= error;
    return error;
  }
}
