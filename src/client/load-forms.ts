/**
 * Loads a tower in the first of its forms that is any good on this device: one that cannot make a
 * session, has no memory, loses its device or gives wrong vectors is recorded, and the next is tried,
 * in a worker of its own.
 */
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { ModelFile } from '../models/manifest';
import type { Tower, TowerInfo } from '../protocol/tower-contract';
import type { LensTowerInfo } from './api';
import { rejectedForm, type PlannedForm, type TowerPlan } from './plan-towers';
import { isRejection, nothingLeft, rejectedWords, type RejectedBackend } from './rejected-backend';
import { keepSelfTest } from './self-test-verdict';
import { isHopeless, providerOf, type FailedCandidate } from './tower-candidates';

export interface LoadFormsOptions {
  readonly tower: Tower;
  readonly plan: TowerPlan;
  /** Of the manifest. */
  readonly files: Readonly<Record<string, ModelFile>>;
  /** Brings the files of a form that was not the first. */
  readonly exchange: (form: PlannedForm) => Promise<void>;
  /** Loads it in a new worker; what failed leaves none. */
  readonly load: (form: PlannedForm) => Promise<TowerInfo>;
}

/** Rejects with the only failure, with one that names all, or with what ends the matter at once. */
export async function loadForms(options: LoadFormsOptions): Promise<LensTowerInfo> {
  const { tower, plan, files, exchange, load } = options;
  const rejected: RejectedBackend[] = [];
  const failures: FailedCandidate[] = [];
  let last: PhotoglotError | null = null;
  for (const form of plan.forms) {
    rejected.push(...rejectedForm(form));
    if (form.useless !== null || isHopeless(form, failures, files)) continue;
    // The files of the first are there.
    if (last !== null) await exchange(form).catch(notBrought(form, rejected, last));
    try {
      const info = await load(form);
      if (form.key !== null && !form.tested) keepSelfTest(form.key, { passed: true });
      return { ...info, reason: reasonOf(plan, rejected), rejected };
    } catch (thrown) {
      last = toPhotoglotError(thrown);
      const { code: reason, message } = last;
      if (!isRejection(reason)) throw last;
      if (form.key !== null && reason === 'self-test-failed') {
        keepSelfTest(form.key, { passed: false, since: Date.now(), message });
      }
      failures.push({ candidate: form, reason });
      rejected.push({ provider: providerOf(form), dtype: form.variant.dtype, reason, message });
    }
  }
  throw nothingLeft(tower, rejected, last);
}

/** Without the files of the next form, the failures before it are still why they were asked for. */
function notBrought(
  form: PlannedForm,
  rejected: readonly RejectedBackend[],
  last: PhotoglotError,
): (thrown: unknown) => never {
  return (thrown) => {
    const error = toPhotoglotError(thrown);
    if (error.code === 'aborted') throw error;
    const next = `${form.variant.dtype} on ${providerOf(form)}`;
    throw new PhotoglotError(
      error.code,
      `The files of ${next} could not be brought: ${error.message} Rejected before: ${rejectedWords(rejected)}.`,
      { cause: last },
    );
  };
}

function reasonOf({ reason }: TowerPlan, rejected: readonly RejectedBackend[]): string {
  return rejected.length === 0 ? reason : `${reason}; rejected before: ${rejectedWords(rejected)}`;
}
