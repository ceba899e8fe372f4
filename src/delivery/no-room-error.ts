/** The answer when a model does not fit: what it needs, what there is, and what can be done. */
import { PhotoglotError } from '../errors';
import type { CachedModel } from '../protocol/delivery-contract';

export interface NoRoom {
  /** Bytes, the margin included. */
  readonly required: number;
  /** Bytes that the browser leaves this site. */
  readonly free: number;
  /** Models that may go, but would not be enough; least recently used first. */
  readonly candidates: readonly CachedModel[];
  /** Bytes that evicting all of them would free. */
  readonly available: number;
}

/** A `quota-exceeded` error. */
export function noRoomError({ required, free, candidates, available }: NoRoom): PhotoglotError {
  const names = candidates.map(
    ({ id, version, bytes }) => `${id} ${version} (${megabytes(bytes)})`,
  );
  const evictable =
    names.length === 0
      ? 'No stored model can be evicted'
      : `Evicting ${names.join(', ')} would free ${megabytes(available)}, which is not enough`;
  return new PhotoglotError(
    'quota-exceeded',
    `The model needs ${megabytes(required)} more of storage, but the browser leaves this site ` +
      `${free > 0 ? megabytes(free) : 'no room'}. ${evictable}. Free disk space, delete models or other data of this ` +
      "site, or load the model with storage: 'memory', which keeps nothing.",
  );
}

/** In megabytes of 10^6 bytes, as disks are sold and browsers count. */
function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
