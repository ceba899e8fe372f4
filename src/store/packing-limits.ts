/** When rows move to packed files, and when files are written anew. */
import { codeMode } from '../core/codes/search-policy';
import { MAX_CODE_BITS } from '../core/kernel/code-kernel';

export interface PackingLimits {
  /** Rows are packed when their vectors do not fit into memory by the policy of searching. */
  readonly isLarge: (rows: number, dimension: number) => boolean;
  /** Bytes of the vectors in the log of a large collection that are worth a file. */
  readonly logBytes: number;
  /** Bytes of the log above which writes wait for a file. */
  readonly mostLogBytes: number;
  /** Rows that a file has at most. */
  readonly fileRows: number;
  /** So many files of about the same size become one. */
  readonly mergedFiles: number;
  /** A file with so large a share of dead rows is written anew without them. */
  readonly deadShare: number;
}

export const PACKING_LIMITS: PackingLimits = {
  isLarge: (rows, dimension) =>
    codeMode(rows, dimension) === 'binary' && dimension <= MAX_CODE_BITS,
  logBytes: 16 * 2 ** 20,
  mostLogBytes: 96 * 2 ** 20,
  fileRows: 131_072,
  mergedFiles: 8,
  deadShare: 0.25,
};
