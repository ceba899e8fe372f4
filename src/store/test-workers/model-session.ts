/** Two tabs on one collection, and what it has to be. */
import { idDifferences, picturedIds, readContent, settle } from './collection-content';
import type { Reference } from './reference';
import type { SavedFile } from './run-operation';
import { Tab } from './store-harness';
import type { StoreKind } from './store-kinds';

export type TabIndex = 0 | 1;

/** What a collection has to be; which of several becomes known when it is read. */
export interface Model {
  reference: Reference;
}

export class Session {
  readonly saved: SavedFile = { bytes: null };
  readonly kind: StoreKind;
  readonly #name = `model ${crypto.randomUUID()}`;
  readonly #tabs: [Tab, Tab];

  private constructor(kind: StoreKind) {
    this.kind = kind;
    this.#tabs = [this.#newTab(), this.#newTab()];
  }

  static async begin(kind: StoreKind): Promise<Session> {
    const session = new Session(kind);
    for (const tab of session.#tabs) await tab.open();
    return session;
  }

  tab(index: TabIndex): Tab {
    return this.#tabs[index];
  }

  other(index: TabIndex): Tab {
    return this.#tabs[index === 0 ? 1 : 0];
  }

  /** Ends the worker, whatever it is doing, and starts another, which knows only what is on disk. */
  async reopen(index: TabIndex): Promise<void> {
    this.#tabs[index].link.dispose();
    this.#tabs[index] = this.#newTab();
    await this.#tabs[index].open();
  }

  /** Throws unless the ids are those of the reference, as that tab sees them. */
  async expectIds(tab: Tab, reference: Reference): Promise<void> {
    expectNone(idDifferences(await tab.call('ids', {}), reference));
  }

  /** The one of the candidates that the collection equals, as that tab sees it. Throws if none. */
  async settle(tab: Tab, candidates: readonly Reference[]): Promise<Reference> {
    const content = await readContent(tab, picturedIds(candidates));
    const { reference, problems } = settle(content, candidates, this.kind.tolerance);
    expectNone(problems);
    return reference;
  }

  async end(): Promise<void> {
    await this.#tabs[0].call('drop', {});
    for (const { link } of this.#tabs) link.dispose();
  }

  #newTab(): Tab {
    return new Tab(this.#name, this.kind.spawn);
  }
}

/** Throws what is wrong; nothing when nothing is. */
export function expectNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
