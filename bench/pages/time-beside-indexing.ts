/** The same paced queries while photos are indexed, and how fast those are with and without them. */
import type { Collection } from 'photoglot';
import type { BesideIndexing, BesideRequest, WatchedPhotos } from './bench-page';
import { emptyCollection } from './current-lens';
import { askPaced } from './time-paced';

/** Photos are stored several at a time: fewer steps than that would say little of the rate. */
const STEPS = 2;
/** Queries go before pictures, and may leave next to nothing to them: then that is the result. */
const MOST_MS = 60_000;

/** So many photos are stored by then. */
interface Step {
  readonly at: number;
  readonly done: number;
}

export async function timeBesideIndexing(request: BesideRequest): Promise<BesideIndexing> {
  const { texts, photos, aloneMs } = request;
  const collection = await emptyCollection('bench-photos');
  const indexing = startIndexing(collection, repeatedPhotos(photos));
  try {
    // At the first step the pipeline has filled.
    const start = await indexing.nextStep();
    const middle = await watch(indexing, (step) => step.at - start.at >= aloneMs);
    let asked = 0;
    let asking = true;
    const [times, end] = await Promise.all([
      askPaced(request, (count) => {
        asked = count;
        return asking;
      }),
      // The rate is that of the time in which queries are asked, and of no other.
      watch(indexing, () => asked >= texts.length).finally(() => (asking = false)),
    ]);
    return { times, alone: between(start, middle), beside: between(middle, end) };
  } finally {
    await indexing.stop();
  }
}

type Indexing = ReturnType<typeof startIndexing>;

function startIndexing(collection: Collection, photos: readonly Blob[]) {
  const stopping = new AbortController();
  let last = 0;
  let tell: (step: Step) => void = () => undefined;
  const adding = collection.add(photos, {
    signal: stopping.signal,
    onProgress: ({ done }) => {
      if (done === last) return;
      last = done;
      tell({ at: performance.now(), done });
    },
  });
  const ended = adding.then(({ failed }) => {
    throw new Error(failed[0]?.message ?? `All ${photos.length} photos were indexed too soon.`);
  });
  ended.catch(() => undefined);
  return {
    now: (): Step => ({ at: performance.now(), done: last }),
    /** The next time that photos have been stored; rejects when indexing ends before. */
    nextStep: (): Promise<Step> =>
      Promise.race([ended, new Promise<Step>((resolve) => (tell = resolve))]),
    /** Throws when what was counted is not in the collection. */
    async stop(): Promise<void> {
      stopping.abort();
      await adding.catch(() => undefined);
      const stored = await collection.count();
      if (stored < last) throw new Error(`Of ${last} photos ${stored} were stored.`);
    },
  };
}

/** The step at which it is enough, the earliest after {@link STEPS}; or now, when it takes too long. */
async function watch(indexing: Indexing, enough: (step: Step) => boolean): Promise<Step> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, MOST_MS, null));
  for (let steps = 1; ; steps++) {
    const step = await Promise.race([indexing.nextStep(), late]);
    if (step === null) return indexing.now();
    if (steps >= STEPS && enough(step)) return step;
  }
}

function between(from: Step, to: Step): WatchedPhotos {
  return { photos: to.done - from.done, ms: to.at - from.at };
}

/** Each a file of its own: a photo of the same bytes would be skipped. */
function repeatedPhotos(count: number): Blob[] {
  const files = [...(document.querySelector('input')?.files ?? [])];
  return Array.from({ length: count }, (_, index) => {
    const file = files[index % files.length] ?? new Blob();
    // What comes behind the end of a JPEG is not looked at.
    return new Blob([file, `#${index}`], { type: file.type });
  });
}
