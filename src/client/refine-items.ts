/** The second pass of `add`: items that are in the collection get the vector of all their patches. */
import { PhotoglotError } from '../errors';
import type { Priority } from '../protocol/tower-contract';
import type { AddContext } from './add-context';
import type { AddReport } from './add-report';
import { encodeAndStore } from './encode-and-store';
import type { Encoded, RoughItem } from './encode-items';
import type { Setbacks } from './setbacks';
import { twice } from './twice';

export interface SecondPass {
  readonly report: AddReport;
  readonly setbacks: Setbacks;
  readonly priority: Priority;
  readonly signal: AbortSignal | undefined;
}

/** What becomes of each item goes to the report. Rejects only when the call is to end. */
export async function refineItems(
  context: AddContext,
  items: readonly RoughItem[],
  { report, setbacks, priority, signal }: SecondPass,
): Promise<void> {
  if (items.length === 0) return;
  report.beginSecondPass();
  const { encoders } = context;
  await encodeAndStore(batchesOf(context, items, { report, signal }), {
    encoders,
    // Thumbnails are there.
    pictures: { priority, signal, patches: null, thumbnail: 0 },
    // As their texts.
    signals: [],
    setbacks,
    store: async (batch, results) => {
      const outcomes = await storeRefined(context, batch, results, setbacks);
      batch.forEach((item, index) => {
        report.secondPassOver(item, outcomes[index] ?? false);
      });
      report.progress();
    },
  });
}

/** Those that are still there and rough: others may be gone, or have been refined by another call. */
async function* batchesOf(
  { collection, encoders, store }: AddContext,
  items: readonly RoughItem[],
  { report, signal }: Pick<SecondPass, 'report' | 'signal'>,
): AsyncGenerator<readonly RoughItem[], void> {
  const size = Math.max(1, encoders.batch);
  for (let first = 0; first < items.length; first += size) {
    const some = items.slice(first, first + size);
    const ids = some.map(({ id }) => id);
    const details = await twice(() => store.call('details', { collection, ids }, { signal }));
    const rough = some.filter((item, index) => {
      const isRough = details[index] === 'rough';
      if (!isRough) report.secondPassOver(item, false);
      return isRough;
    });
    if (rough.length > 0) yield rough;
    else report.progress();
  }
}

/** Per item: whether its vector was replaced, or why that failed. */
async function storeRefined(
  { collection, encoders: { dimension, model }, store }: AddContext,
  batch: readonly RoughItem[],
  results: readonly Encoded[],
  setbacks: Setbacks,
): Promise<readonly (boolean | PhotoglotError)[]> {
  const ids: string[] = [];
  const vectors = new Float32Array(batch.length * dimension);
  batch.forEach(({ id }, index) => {
    const result = results[index];
    if (result?.ok === true) vectors.set(result.vector, dimension * (ids.push(id) - 1));
  });
  const written = ids.length === 0 ? [] : await refine();
  let row = 0;
  return results.map((result) => {
    if (!result.ok) return result.error;
    return written instanceof PhotoglotError ? written : (written[row++] ?? false);
  });

  async function refine(): Promise<readonly boolean[] | PhotoglotError> {
    const args = { collection, model, ids, vectors: vectors.slice(0, ids.length * dimension) };
    try {
      // Even if the signal fires now: the work is done.
      return await twice(() => store.call('refine', args));
    } catch (thrown) {
      return setbacks.writing(thrown);
    }
  }
}
