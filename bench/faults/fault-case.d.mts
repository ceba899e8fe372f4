/** What a case of the fault matrix is. */
import type { FaultSetting } from '../../scripts/fault-types.mjs';
import type { FaultOutcome, FaultRequest } from '../pages/faults-page.ts';
import type { FaultBench } from './fault-bench.mjs';

/** How it has to end: with files that are what they should be, or with an error that says so. */
export type Expected =
  | 'verified'
  | 'signed'
  | 'first-use'
  | {
      readonly code: string;
      /** What its reader has to learn: what happened, and what to do. */
      readonly message: RegExp;
    };

export interface FaultCase {
  readonly name: string;
  /** What happens, as the table tells it. */
  readonly what: string;
  readonly expected: Expected;
  /** Added to the model that is served as it should be. */
  readonly setting?: Partial<FaultSetting>;
  /** Added to the request for the model's three files. */
  readonly request?: Partial<FaultRequest>;
  /** By name, where not the model's own. */
  readonly digests?: Readonly<Record<string, string>>;
  /** Of the profile. @default false */
  readonly deniesStorage?: boolean;
  /** Whether it mostly waits: run beside the others. @default false */
  readonly isPatient?: boolean;
  /** What is done to the download. @default it is waited for */
  readonly steps?: (bench: FaultBench) => Promise<FaultOutcome>;
  /**
   * After an error the server serves the model as it should be, and the same tab asks again, which
   * has to succeed: `false` where there is nothing to mend.
   * @default true
   */
  readonly heals?: boolean;
  /** Chunks (of 8 MiB) whose bytes may be sent in vain. @default 0 */
  readonly mostChunksWasted?: number;
}

export interface CaseReport {
  readonly name: string;
  readonly what: string;
  /** In the words of the table. */
  readonly outcome: string;
  /** Of the error, without addresses; null where there was none. */
  readonly message: string | null;
  readonly wastedBytes: number;
  readonly seconds: number;
  /** What was not as it should be. */
  readonly problems: readonly string[];
}
