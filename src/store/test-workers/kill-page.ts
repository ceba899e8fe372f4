/**
 * The page whose browser is killed (bench/soak-kill.mjs): it writes to a collection until that
 * happens, and tells the driver of every write before it asks for it and once it is acknowledged. In
 * its next life it judges whether the collection is what the driver knows that it has to be.
 */
import fc from 'fast-check';
import { arbitraryOperation, arbitraryQuestion } from './arbitrary-operations';
import { picturedIds, readContent, settle, shortened } from './collection-content';
import { leftovers, storedFiles } from './disk-audit';
import { operationText, type Operation, type PlainItem } from './operations';
import { Reference, type OperationResult } from './reference';
import { runOperation, type SavedFile } from './run-operation';
import { ask, hitProblems } from './search-question';
import { Tab } from './store-harness';
import { PACKING, type StoreKind } from './store-kinds';

/** What is known of the collection. */
export interface Knowledge {
  /** What it held before the writes. */
  readonly items: readonly PlainItem[];
  /** In order. */
  readonly acknowledged: readonly Operation[];
  /** Asked for last, and never acknowledged: it is there as a whole, or not at all. */
  readonly inDoubt: Operation | null;
}

export interface Judgement {
  /** What the collection holds, to go on from. */
  readonly items: readonly PlainItem[];
  readonly problems: readonly string[];
  /** Whether the write in doubt is there; null when there was none. */
  readonly isKept: boolean | null;
  /** From a new worker to the first answer. */
  readonly openMs: number;
  /** Packed files: without any the rounds would show less than they are for. */
  readonly files: number;
}

export interface WriteTask {
  readonly seed: number;
  readonly items: readonly PlainItem[];
}

/** What the driver is told, which answers when it knows. */
export type KillReport =
  | { readonly kind: 'asked'; readonly operation: Operation }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'problem'; readonly text: string };

const NAME = 'killed';
const EXTENT = { few: 300, many: 1500 };
const QUESTIONS = 12;
/** Time for cleaning up behind the first call. */
const CLEANING_MS = 20_000;
const CLEANING_TURN_MS = 50;

class KillPage {
  readonly #kind: StoreKind;

  constructor(kind: StoreKind) {
    this.#kind = kind;
  }

  /** Opens the collection and reads all of it. */
  async judge({ items, acknowledged, inDoubt }: Knowledge, seed: number): Promise<Judgement> {
    const before = new Reference(items);
    for (const operation of acknowledged) before.apply(operation);
    const candidates = [before];
    if (inDoubt !== null) {
      const after = before.copy();
      after.apply(inDoubt);
      candidates.push(after);
    }
    const tab = this.#newTab();
    const start = performance.now();
    await tab.open();
    const openMs = performance.now() - start;
    const content = await readContent(tab, picturedIds(candidates));
    const { reference, problems } = settle(content, candidates, this.#kind.tolerance);
    const found = [...problems];
    if (problems.length === 0) {
      found.push(...(await this.#searchProblems(tab, reference, content.ids, seed)));
      found.push(...(await untilClean(new Set(content.ids))));
    }
    tab.link.dispose();
    return {
      items: reference.items,
      problems: found,
      isKept: candidates.length < 2 ? null : reference !== before,
      openMs,
      files: (await storedFiles()).length,
    };
  }

  /** Writes one operation after the other, while another tab reads. Ends with the browser only. */
  async write({ seed, items }: WriteTask, report: (report: KillReport) => Promise<void>) {
    const fail = (text: string): Promise<void> => report({ kind: 'problem', text });
    void this.#readOn(seed).catch((thrown: unknown) => fail(`reader: ${String(thrown)}`));
    const tab = this.#newTab();
    const reference = new Reference(items);
    const saved: SavedFile = { bytes: null };
    for (const operation of operations(seed)) {
      await report({ kind: 'asked', operation });
      let result: OperationResult;
      try {
        result = await runOperation(tab, operation, saved);
      } catch (thrown) {
        await fail(`${operationText(operation)}: ${String(thrown)}`);
        return;
      }
      await report({ kind: 'acknowledged' });
      const expected = reference.apply(operation);
      if (JSON.stringify(result) !== JSON.stringify(expected)) {
        const [got, wanted] = [JSON.stringify(result), JSON.stringify(expected)];
        await fail(`${operationText(operation)} resolved to ${got}, not ${wanted}`);
        return;
      }
    }
  }

  async #searchProblems(
    tab: Tab,
    reference: Reference,
    ids: readonly string[],
    seed: number,
  ): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const question of fc.sample(arbitraryQuestion(EXTENT), { seed, numRuns: QUESTIONS })) {
      const hits = await ask(tab, question);
      problems.push(...hitProblems(question, hits, reference, ids, this.#kind.tolerance));
    }
    return shortened(problems);
  }

  /** Searches without end in a worker of its own, which so holds what it reads. */
  async #readOn(seed: number): Promise<never> {
    const tab = this.#newTab();
    for (let turn = seed; ; turn++) {
      const [question] = fc.sample(arbitraryQuestion(EXTENT), { seed: turn, numRuns: 1 });
      if (question === undefined) throw new Error('There is no question.');
      const hits = await ask(tab, question);
      if (new Set(hits.map(({ id }) => id)).size !== hits.length)
        throw new Error('A hit came twice.');
    }
  }

  #newTab(): Tab {
    return new Tab(NAME, this.#kind.spawn);
  }
}

/** With a store to which in seconds happens what takes a million items otherwise. */
export function createKillPage(): KillPage {
  return new KillPage(PACKING);
}

/** Operations without end, the same for a seed. */
function* operations(seed: number): Generator<Operation, void> {
  for (let part = 0; ; part++) {
    yield* fc.sample(arbitraryOperation(EXTENT), { seed: seed * 1000 + part, numRuns: 100 });
  }
}

/** What is left over although there was time to clean it up. */
async function untilClean(ids: ReadonlySet<string>): Promise<readonly string[]> {
  const start = performance.now();
  for (;;) {
    const left = await leftovers(NAME, ids);
    if (left.length === 0 || performance.now() - start > CLEANING_MS) {
      return shortened(left.map((each) => `left over: ${each}`));
    }
    await new Promise((resolve) => setTimeout(resolve, CLEANING_TURN_MS));
  }
}
