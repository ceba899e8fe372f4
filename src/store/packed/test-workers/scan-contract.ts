/** What the tests ask of a worker that scans with helpers. */
import type { CallContext } from '../../../protocol/contract-types';

/** `own`: those of the SDK. `stuck`: they come in and never leave. `broken`: their module throws. */
export type HelperKind = 'own' | 'stuck' | 'broken';

export interface ScanContract {
  /** Makes a table of random rows, with that many helpers, in place of the one before. */
  open(
    args: { readonly helpers: number; readonly kind: HelperKind },
    context: CallContext,
  ): Promise<null>;
  /** Appends rows, for which helpers are started. */
  grow(args: { readonly rows: number }, context: CallContext): Promise<null>;
  /** Searches by many queries, with helpers and without. */
  search(args: { readonly queries: number }, context: CallContext): Promise<SearchReport>;
  /** Ends the helpers. */
  end(args: null, context: CallContext): Promise<null>;
}

export interface SearchReport {
  /** Queries whose candidates differ. */
  readonly wrong: number;
  /** Chunks that helpers ranked. */
  readonly helped: number;
  /** Helpers that are left. */
  readonly size: number;
}
