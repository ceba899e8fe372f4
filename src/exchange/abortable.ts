import { untilAborted } from '../core/until-aborted';

/**
 * The same pieces, until the signal fires: then the loop over them throws `aborted`, even while it waits
 * for one that never comes.
 */
export async function* abortable<Piece>(
  pieces: AsyncIterable<Piece>,
  signal: AbortSignal,
): AsyncGenerator<Piece, void> {
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(Promise.resolve(iterator.next()), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: a generator that waits for its next piece ends only with that.
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
