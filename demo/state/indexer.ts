/**
 * Feeds photos to the collection, a slice at a time: between slices the run can be paused, and what
 * has been added is shown.
 */
import type { ItemInput } from 'photoglot';
import { IDLE, type AppState, type Failure, type IndexingState } from './app-state';
import { Gate } from './gate';
import { isAborted, problemOf } from './problem';
import { RateMeter } from './rate-meter';
import type { Opened, Session } from './session';
import type { Store } from './store';

/** Small enough that "Pause" is felt at once, large enough that the workers never wait. */
const SLICE = 16;

/** Told of each slice that has been added, before the next one starts. */
export type OnSlice = (opened: Opened, ids: readonly string[]) => Promise<void>;

/** Makes the item number `order` of the run stamped `stamp`. */
export type MakeItem = (stamp: number, order: number) => ItemInput;

export class Indexer {
  readonly #store: Store<AppState>;
  readonly #session: Session;
  readonly #onSlice: OnSlice;
  readonly #gate = new Gate();
  readonly #meter = new RateMeter();
  #queue: ItemInput[] = [];
  #cancel = new AbortController();
  #tally = { added: 0, skipped: 0, failed: 0 };
  #run: Promise<void> | null = null;

  constructor(store: Store<AppState>, session: Session, onSlice: OnSlice) {
    this.#store = store;
    this.#session = session;
    this.#onSlice = onSlice;
  }

  /** Adds to the run under way, or starts one. Resolves when the run has ended. */
  add(makers: readonly MakeItem[]): Promise<void> {
    if (makers.length === 0) return Promise.resolve();
    if (this.#run === null) this.#begin();
    const { stamp, total } = this.#store.state.indexing;
    this.#queue.push(...makers.map((make, index) => make(stamp, total + index)));
    this.#set({ total: total + makers.length });
    this.#run ??= this.#feed().finally(() => (this.#run = null));
    return this.#run;
  }

  pause(): void {
    if (this.#store.state.indexing.status !== 'running') return;
    this.#gate.close();
    this.#set({ status: 'pausing' });
  }

  /** Goes on after a pause, or tries again after a failure. */
  resume(): void {
    this.#meter.reset();
    this.#set({ status: 'running', problem: null });
    this.#gate.open();
  }

  /** Stops; what has been added stays. Resolves when the run has ended. */
  async cancel(): Promise<void> {
    if (this.#run === null) return;
    this.#set({ status: 'cancelling' });
    this.#queue = [];
    this.#cancel.abort();
    this.#gate.open();
    await this.#run;
  }

  #begin(): void {
    this.#cancel = new AbortController();
    this.#tally = { added: 0, skipped: 0, failed: 0 };
    this.#meter.reset();
    this.#store.patch({
      indexing: { ...IDLE, status: 'running', stamp: Date.now() },
      report: null,
      failures: [],
    });
  }

  async #feed(): Promise<void> {
    const { signal } = this.#cancel;
    while (this.#queue.length > 0) {
      const slice = this.#queue.splice(0, SLICE);
      try {
        await this.#add(slice, signal);
      } catch (thrown) {
        if (isAborted(thrown) || signal.aborted) break;
        this.#queue.unshift(...slice);
        this.#gate.close();
        this.#set({ status: 'failed', problem: problemOf(thrown) });
      }
      await this.#hold();
    }
    this.#store.patch({ indexing: IDLE, report: { ...this.#tally, cancelled: signal.aborted } });
  }

  async #add(slice: readonly ItemInput[], signal: AbortSignal): Promise<void> {
    const opened = await this.#session.whenOpen(signal);
    const before = this.#store.state.indexing.done;
    const result = await opened.photos.add(slice, {
      signal,
      onProgress: ({ done }) => {
        this.#note(before + done);
      },
    });
    this.#tally.added += result.added.length;
    this.#tally.skipped += result.skipped.length;
    this.#tally.failed += result.failed.length;
    const failures = result.failed.map(({ input, code }): Failure => ({
      name: nameOf(input),
      code,
    }));
    if (failures.length > 0) {
      this.#store.patch({ failures: [...this.#store.state.failures, ...failures] });
    }
    this.#note(before + slice.length);
    await this.#onSlice(opened, result.added);
  }

  async #hold(): Promise<void> {
    if (!this.#gate.closed) return;
    if (this.#store.state.indexing.status === 'pausing') this.#set({ status: 'paused' });
    await this.#gate.pass();
  }

  #note(done: number): void {
    this.#meter.note(performance.now(), done);
    const { rate } = this.#meter;
    const left = this.#store.state.indexing.total - done;
    this.#set({ done, rate, remaining: rate > 0 ? left / rate : null });
  }

  #set(change: Partial<IndexingState>): void {
    this.#store.patch({ indexing: { ...this.#store.state.indexing, ...change } });
  }
}

function nameOf(input: Blob | ItemInput): string {
  if (input instanceof Blob) return input instanceof File ? input.name : 'Untitled';
  return input.fields?.name ?? 'Untitled';
}
