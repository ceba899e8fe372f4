/** The items of a collection with the vectors of another model: all of what can be encoded, or nothing. */
import { abortedError } from '../core/until-aborted';
import type {
  EncodeAnswer,
  EncodeQuestion,
  ItemRecord,
  ReembedReport,
  RowProgress,
} from '../protocol/store-contract';
import type { ItemPictures, RowSink, RowSource } from './row-source';

export interface ReembedTask {
  readonly source: RowSource;
  /** Takes them, with their new vectors. */
  readonly sink: RowSink;
  /** Items that are encoded at a time. */
  readonly batch: number;
  /**
   * Asked for every part, and at the end of all without any items: it rejects then when what it has learnt
   * should not take the place of the source.
   */
  readonly encode: (question: EncodeQuestion) => Promise<EncodeAnswer>;
  readonly progress: (progress: RowProgress) => void;
  readonly signal: AbortSignal;
}

interface Part {
  readonly items: readonly ItemRecord[];
  readonly pictures: readonly ItemPictures[];
}

/** Throws what encoding and the sink do, and `aborted`; all is discarded then. */
export async function reembed(task: ReembedTask): Promise<ReembedReport> {
  const { source, sink, batch, encode, progress, signal } = task;
  const left: ReembedReport['left'][number][] = [];
  let done = 0;
  try {
    for await (const { items } of source.blocks()) {
      for (let first = 0; first < items.length; first += batch) {
        if (signal.aborted) throw abortedError(signal);
        // What cannot be committed need not be encoded.
        await sink.checkReplaceable();
        const some = items.slice(first, first + batch);
        const pictures = await source.pictures(some.map(({ id }) => id));
        left.push(...(await encodePart({ items: some, pictures }, task)));
        done += some.length;
        progress({ done, total: source.count });
      }
    }
    await encode({ items: [] });
    if (signal.aborted) throw abortedError(signal);
    const { count } = await sink.commit();
    return { reembedded: count, left };
  } catch (thrown) {
    await sink.discard();
    throw thrown;
  }
}

/** Puts those that can be encoded; the others, and why. */
async function encodePart(
  { items, pictures }: Part,
  { sink, encode }: ReembedTask,
): Promise<ReembedReport['left']> {
  const { vectors, results } = await encode({
    items: items.map(({ id, fields }, index) => ({
      id,
      fields,
      original: pictures[index]?.original ?? null,
      isPicture: (pictures[index]?.thumbnail ?? null) !== null,
    })),
  });
  const good = items.flatMap((item, index) =>
    results[index]?.ok === true ? [{ item, index }] : [],
  );
  await sink.putRows({
    // With its full vector none is rough any more.
    items: good.map(({ item: { id, meta, fields } }) => ({ id, meta, fields })),
    vectors,
  });
  for (const { item, index } of good) {
    const { thumbnail = null, original = null } = pictures[index] ?? {};
    if (thumbnail !== null) await sink.putPicture(item.id, 'thumbnail', thumbnail);
    if (original !== null) await sink.putPicture(item.id, 'original', original);
  }
  return items.flatMap(({ id }, index) => {
    const result = results[index];
    return result?.ok === false ? [{ id, code: result.code, message: result.message }] : [];
  });
}
