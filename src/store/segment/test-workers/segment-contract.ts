/** What the tests ask of a worker with segments in the origin private file system. */
import type { CallContext } from '../../../protocol/contract-types';

export interface SegmentContract {
  /** Writes a segment of rows and leaves it open where `finish` is not wanted. */
  write(
    args: {
      readonly folder: string;
      readonly name: string;
      readonly rows: Uint8Array<ArrayBuffer>;
      readonly stride: number;
      readonly finish: boolean;
    },
    context: CallContext,
  ): Promise<null>;
  /** Opens a segment, and reads these rows; it stays open until `close`. */
  rows(
    args: {
      readonly folder: string;
      readonly name: string;
      readonly rows: Uint32Array<ArrayBuffer>;
    },
    context: CallContext,
  ): Promise<Uint8Array<ArrayBuffer>>;
  close(args: null, context: CallContext): Promise<null>;
  names(args: { readonly folder: string }, context: CallContext): Promise<readonly string[]>;
  remove(
    args: { readonly folder: string; readonly name: string },
    context: CallContext,
  ): Promise<null>;
}
