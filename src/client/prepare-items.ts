/** Finds out which inputs are new: checks, hashes, and asks the store. */
import { contentId } from '../core/content-id';
import { toPhotoglotError } from '../errors';
import type { AddReport } from './add-report';
import type { ItemInput } from './api';
import type { NewItem } from './encode-items';
import { failureKind } from './item-failure';
import { parseItem, type ParsedItem } from './parse-item';
import { toPictureBlob } from './picture-source';

/** Files read into memory at the same time, in order to hash them. */
const FILES_AT_ONCE = 4;

export interface PrepareContext {
  readonly dimension: number;
  readonly report: AddReport;
  readonly signal: AbortSignal | undefined;
  /** Ids that this `add` has met so far. */
  readonly seen: Set<string>;
  /** Which of the ids are in the collection. */
  readonly has: (ids: readonly string[]) => Promise<readonly boolean[]>;
}

interface Candidate {
  readonly id: string;
  readonly item: ParsedItem;
  /** Null when it was not needed so far. */
  readonly file: Blob | null;
}

/** The inputs that are to be encoded, in order; what became of the others goes to the report. */
export async function prepareItems(
  inputs: readonly (Blob | ItemInput)[],
  context: PrepareContext,
): Promise<NewItem[]> {
  const { report, seen } = context;
  const candidates: Candidate[] = [];
  for (let first = 0; first < inputs.length; first += FILES_AT_ONCE) {
    const some = inputs.slice(first, first + FILES_AT_ONCE);
    const identified = some.map((input) => settle(input, context, () => identify(input, context)));
    for (const candidate of await Promise.all(identified)) {
      if (candidate === null) continue;
      if (seen.has(candidate.id)) report.skipped(candidate.id, 'duplicate');
      else candidates.push(candidate);
      seen.add(candidate.id);
    }
  }
  const exists = candidates.length === 0 ? [] : await context.has(candidates.map(({ id }) => id));
  const fresh = candidates.filter(({ id }, index) => {
    if (exists[index] === true) report.skipped(id, 'exists');
    return exists[index] !== true;
  });
  const items = await Promise.all(
    fresh.map((candidate) =>
      settle(candidate.item.input, context, () => withFile(candidate, context)),
    ),
  );
  return items.filter((item) => item !== null);
}

/** With an id of its own an item that exists is skipped without a look at its picture. */
async function identify(
  input: Blob | ItemInput,
  { dimension, signal }: PrepareContext,
): Promise<Candidate> {
  const item = parseItem(input, dimension);
  if (item.id !== null) return { id: item.id, item, file: null };
  const file = item.image === null ? null : await toPictureBlob(item.image, signal);
  const { text, vector, fields } = item;
  return { id: await contentId({ image: file, text, vector, fields }), item, file };
}

async function withFile(
  { id, item, file }: Candidate,
  { signal }: PrepareContext,
): Promise<NewItem> {
  if (file !== null || item.image === null) return { id, item, file };
  return { id, item, file: await toPictureBlob(item.image, signal) };
}

/** Null when the item failed, which is in the report then. */
async function settle<Result>(
  input: Blob | ItemInput,
  { report, signal }: PrepareContext,
  step: () => Promise<Result>,
): Promise<Result | null> {
  try {
    signal?.throwIfAborted();
    return await step();
  } catch (thrown) {
    const error = toPhotoglotError(thrown, signal?.aborted === true ? 'aborted' : 'internal');
    if (failureKind(error.code) === 'end') throw error;
    report.failed(input, error);
    return null;
  }
}
