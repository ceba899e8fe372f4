/** Everything that the page can do; what it shows is in the store. */
import type { DeviceOption } from 'photoglot';
import { Announcer } from './announcer';
import { initialState, type ActiveQuery, type AppState } from './app-state';
import { Indexer, type MakeItem } from './indexer';
import { Library } from './library';
import { fileKey, itemOfFile, itemOfSample, type Photo } from './photo';
import { readHash, writeHash } from './query-hash';
import { rememberedCount, samplesSettled, settleSamples } from './remembered';
import { loadSamples } from './samples';
import { Searcher } from './searcher';
import { Session, type Opened } from './session';
import { Store } from './store';
import { Thumbnails } from './thumbnails';

/** How long a report of success stays. */
const REPORT_MS = 6_000;

export class App {
  readonly store = new Store<AppState>(initialState(rememberedCount()));
  readonly thumbnails = new Thumbnails(async (id) => {
    const { photos } = await this.#opened;
    return photos.thumbnail(id);
  });
  readonly #library = new Library(this.store);
  readonly #session: Session;
  readonly #indexer: Indexer;
  readonly #searcher: Searcher;
  readonly #forever = new AbortController().signal;
  /** Files of this visit, by name, size and time: they can be shown large. */
  readonly #files = new Map<string, File>();

  constructor(device: DeviceOption) {
    this.#session = new Session(this.store, device);
    this.#indexer = new Indexer(this.store, this.#session, async (opened, ids) => {
      await this.#library.take(opened, ids);
      this.#searcher.refresh();
    });
    this.#searcher = new Searcher(this.store, this.#session);
    new Announcer(this.store);
  }

  /** Loads the model, then what there is to show. Typing need not wait for it. */
  async start(): Promise<void> {
    this.followAddress();
    await this.#open();
  }

  /** Tries again what has failed: the model, or the search. */
  async retry(): Promise<void> {
    const { model, search } = this.store.state;
    if (search.status === 'failed') this.#searcher.set(search.query, { typing: false });
    if (model.kind === 'failed') await this.#open();
  }

  /** Searches for what the address says: at the start, and on Back and Forward. */
  followAddress(): void {
    this.#searcher.set(readHash(), { typing: false });
  }

  /** A search is near. */
  warmUp(): void {
    this.#session.warmUp();
  }

  /** `typing`: more letters may follow. */
  search(query: ActiveQuery | null, { typing = false } = {}): void {
    this.store.patch({ selected: null });
    writeHash(query, !typing);
    this.#searcher.set(query, { typing });
  }

  async addFiles(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    // Asks that the browser does not clear the photos away when it needs room.
    void navigator.storage.persist().catch(() => false);
    for (const file of files) this.#files.set(fileKey(keyParts(file)), file);
    await this.#add(
      files.map(
        (file): MakeItem =>
          (stamp, order) =>
            itemOfFile(file, stamp, order),
      ),
    );
  }

  /** Adds the sample photos; those that are there already take no time. */
  async addSamples(): Promise<void> {
    const credits = await loadSamples().catch(() => []);
    await this.#add(
      credits.map(
        (credit): MakeItem =>
          (stamp, order) =>
            itemOfSample(credit, stamp, order),
      ),
    );
    // A page closed half-way never comes here, and goes on at the next visit.
    if (credits.length > 0) settleSamples();
  }

  pause(): void {
    this.#indexer.pause();
  }

  resume(): void {
    this.#indexer.resume();
  }

  /** Stops the run; what has been added stays. */
  async cancel(): Promise<void> {
    await this.#indexer.cancel();
    // The slice that was under way may have left some.
    await this.#library.load(await this.#opened);
  }

  /** Good news goes by itself; failures stay until they have been read. */
  #dismissLater(): void {
    const { report } = this.store.state;
    setTimeout(() => {
      const now = this.store.state;
      if (now.report === report && now.failures.length === 0) this.dismissReport();
    }, REPORT_MS);
  }

  dismissReport(): void {
    this.store.patch({ report: null, failures: [] });
  }

  select(id: string | null): void {
    this.store.patch({ selected: id });
  }

  /** The photo itself where it is at hand: a sample, or a file added in this visit. */
  original(photo: Photo): File | string | null {
    return photo.credit?.url ?? this.#files.get(fileKey(photo)) ?? null;
  }

  async remove(id: string): Promise<void> {
    await this.#library.remove(await this.#opened, id);
    this.thumbnails.forget(id);
  }

  async clear(): Promise<void> {
    await this.#indexer.cancel();
    settleSamples();
    await this.#library.clear(await this.#opened);
    this.thumbnails.clear();
    this.#files.clear();
    this.search(null);
    this.dismissReport();
  }

  async #add(makers: readonly MakeItem[]): Promise<void> {
    await this.#indexer.add(makers);
    this.#dismissLater();
  }

  async #open(): Promise<void> {
    const opened = await this.#session.load();
    if (opened === null) return;
    await this.#library.load(opened);
    // Not waited for: the page is of use before they are all there.
    if (!samplesSettled()) void this.addSamples();
  }

  get #opened(): Promise<Opened> {
    return this.#session.whenOpen(this.#forever);
  }
}

function keyParts(file: File): { name: string; size: number; modified: number } {
  return { name: file.name, size: file.size, modified: file.lastModified };
}
