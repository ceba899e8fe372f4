/** Finds out which inputs are new, or rough: checks, hashes, and asks the store. */
import { contentId } from '../core/content-id';
import { toPhotoglotError } from '../errors';
import type { Detail } from '../protocol/store-contract';
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
  /** In what detail the ids are in the collection; null for those that are not. */
  readonly details: (ids: readonly string[]) => Promise<readonly (Detail | null)[]>;
}

/** What is to be done, each in the order of the inputs. */
export interface PreparedItems {
  readonly fresh: readonly NewItem[];
  /** In the collection, with a vector that is to be replaced. All have a file. */
  readonly rough: readonly NewItem[];
}

interface Candidate {
  readonly id: string;
  readonly item: ParsedItem;
  /** Null when it was not needed so far. */
  readonly file: Blob | null;
}

/** The inputs that are to be encoded; what became of the others goes to the report. */
export async function prepareItems(
  inputs: readonly (Blob | ItemInput)[],
  context: PrepareContext,
): Promise<PreparedItems> {
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
  const details =
    candidates.length === 0 ? [] : await context.details(candidates.map(({ id }) => id));
  const wanted = candidates.filter(({ id, item }, index) => {
    const detail = details[index] ?? null;
    // Only a picture can be encoded in more detail.
    const isWanted = detail === null || (detail === 'rough' && item.image !== null);
    if (!isWanted) report.skipped(id, 'exists');
    return isWanted;
  });
  const items = await Promise.all(
    wanted.map((candidate) =>
      settle(candidate.item.input, context, () => withFile(candidate, context)),
    ),
  );
  const known = new Set(candidates.flatMap(({ id }, index) => (details[index] ? id : [])));
  const good = items.filter((item) => item !== null);
  return {
    fresh: good.filter(({ id }) => !known.has(id)),
    rough: good.filter(({ id }) => known.has(id)),
  };
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
