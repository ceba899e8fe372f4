import type { CallContext } from '../../protocol/contract-types';
import type { PhotoglotErrorCode } from '../../errors';

/** A contract that only the tests of the link use. */
export interface ProbeContract {
  echo(args: { readonly text: string }, context: CallContext): Promise<string>;
  /** Fails with `code` and a chain of two causes. */
  fail(args: { readonly code: PhotoglotErrorCode }, context: CallContext): Promise<never>;
  /** Fails with something that is not of the error family. */
  failForeign(
    args: { readonly kind: 'type-error' | 'quota' | 'string' },
    context: CallContext,
  ): Promise<never>;
  /** Reports 1…steps and resolves to the number of steps. */
  count(args: { readonly steps: number }, context: CallContext<number>): Promise<number>;
  /** Resolves only when its signal fires; then `wasAborted` says so. */
  hang(args: undefined, context: CallContext): Promise<never>;
  wasAborted(): Promise<boolean>;
  /** Sums what it was sent, and sends the same buffer back, moved. */
  sum(
    args: { readonly data: Float32Array },
    context: CallContext,
  ): Promise<{ readonly total: number; readonly data: Float32Array }>;
  /** Whether the buffer of the last `sum` has left this thread. */
  hasDetached(): Promise<boolean>;
  /** Resolves to something that cannot be cloned. */
  unclonable(): Promise<unknown>;
  /** Posts to that channel when it is asked to end its own workers. */
  tellEnd(args: { readonly channel: string }, context: CallContext): Promise<null>;
  /** Ends the worker from inside without a word. */
  close(): Promise<never>;
  /** Throws outside of any call. */
  throwLater(): Promise<never>;
}
