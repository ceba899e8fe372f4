/** Steps of a random run: each does something to the store and to the reference, and compares. */
import fc from 'fast-check';
import { arbitraryOperation, arbitraryQuestion, type Extent } from './arbitrary-operations';
import { isSame } from './collection-content';
import { expectNone, type Model, type Session, type TabIndex } from './model-session';
import { operationText, type Operation } from './operations';
import type { OperationResult, Reference } from './reference';
import { runOperation } from './run-operation';
import { ask, hitProblems, questionText, type Question } from './search-question';

type Step = fc.AsyncCommand<Model, Session>;

/** Message round trips that a write may run for before its worker is killed. */
const MOST_TURNS = 12;

/** Steps of all kinds; writes and searches more often, as new workers take their time. */
export function arbitrarySteps(extent: Extent): fc.Arbitrary<Step>[] {
  const tab = fc.constantFrom<TabIndex>(0, 1);
  const operation = arbitraryOperation(extent);
  const changing = operation.filter(({ kind }) => kind !== 'save');
  const write = fc.tuple(tab, operation).map((args) => new Write(...args));
  const search = fc.tuple(tab, arbitraryQuestion(extent)).map((args) => new Search(...args));
  return [
    ...Array<typeof write>(13).fill(write),
    ...Array<typeof search>(4).fill(search),
    tab.map((index) => new Reopen(index)),
    fc.tuple(changing, changing).map((args) => new Together(...args)),
    fc.tuple(tab, changing, fc.nat({ max: MOST_TURNS })).map((args) => new Killed(...args)),
  ];
}

/** A write by one tab, which the other sees at once. */
class Write implements Step {
  readonly #index: TabIndex;
  readonly #operation: Operation;

  constructor(index: TabIndex, operation: Operation) {
    this.#index = index;
    this.#operation = operation;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, session: Session): Promise<void> {
    const result = await runOperation(session.tab(this.#index), this.#operation, session.saved);
    expectResult(result, model.reference.apply(this.#operation));
    await session.expectIds(session.other(this.#index), model.reference);
  }

  toString(): string {
    return `tab ${this.#index}: ${operationText(this.#operation)}`;
  }
}

class Search implements Step {
  readonly #index: TabIndex;
  readonly #question: Question;

  constructor(index: TabIndex, question: Question) {
    this.#index = index;
    this.#question = question;
  }

  check(): boolean {
    return true;
  }

  async run({ reference }: Model, session: Session): Promise<void> {
    const tab = session.tab(this.#index);
    const hits = await ask(tab, this.#question);
    const ids = await tab.call('ids', {});
    expectNone(hitProblems(this.#question, hits, reference, ids, session.kind.tolerance));
  }

  toString(): string {
    return `tab ${this.#index}: ${questionText(this.#question)}`;
  }
}

/** A new worker finds everything on disk. */
class Reopen implements Step {
  readonly #index: TabIndex;

  constructor(index: TabIndex) {
    this.#index = index;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, session: Session): Promise<void> {
    await session.reopen(this.#index);
    model.reference = await session.settle(session.tab(this.#index), [model.reference]);
  }

  toString(): string {
    return `tab ${this.#index}: reopen`;
  }
}

/** Two tabs write at the same time: it is as if one had come after the other. */
class Together implements Step {
  readonly #left: Operation;
  readonly #right: Operation;

  constructor(left: Operation, right: Operation) {
    this.#left = left;
    this.#right = right;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, session: Session): Promise<void> {
    const [left, right] = await Promise.all([
      runOperation(session.tab(0), this.#left, session.saved),
      runOperation(session.tab(1), this.#right, session.saved),
    ]);
    const candidates: Reference[] = [];
    const leftFirst = model.reference.copy();
    if (isSameResult(leftFirst.apply(this.#left), left)) {
      if (isSameResult(leftFirst.apply(this.#right), right)) candidates.push(leftFirst);
    }
    const rightFirst = model.reference.copy();
    if (isSameResult(rightFirst.apply(this.#right), right)) {
      if (isSameResult(rightFirst.apply(this.#left), left)) candidates.push(rightFirst);
    }
    if (candidates.length === 0) {
      throw new Error(`No order gives ${JSON.stringify(left)} and ${JSON.stringify(right)}.`);
    }
    model.reference = await session.settle(session.tab(0), candidates);
    await session.expectIds(session.tab(1), model.reference);
  }

  toString(): string {
    return `together: ${operationText(this.#left)} | ${operationText(this.#right)}`;
  }
}

/** The worker is killed while it writes: the write is there or it is not; acknowledged, it is. */
class Killed implements Step {
  readonly #index: TabIndex;
  readonly #operation: Operation;
  readonly #turns: number;

  constructor(index: TabIndex, operation: Operation, turns: number) {
    this.#index = index;
    this.#operation = operation;
    this.#turns = turns;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, session: Session): Promise<void> {
    const writing = { isAcknowledged: false };
    runOperation(session.tab(this.#index), this.#operation, session.saved).then(
      () => {
        writing.isAcknowledged = true;
      },
      // With `disposed`, by the kill.
      () => undefined,
    );
    const other = session.other(this.#index);
    for (let turn = 0; turn < this.#turns; turn++) await other.link.call('collections', null);
    const { isAcknowledged } = writing;
    await session.reopen(this.#index);
    const after = model.reference.copy();
    after.apply(this.#operation);
    const candidates = isAcknowledged ? [after] : [model.reference, after];
    model.reference = await session.settle(session.tab(this.#index), candidates);
    await session.expectIds(other, model.reference);
  }

  toString(): string {
    return `tab ${this.#index}: killed after ${this.#turns} turns of ${operationText(this.#operation)}`;
  }
}

function expectResult(found: OperationResult, expected: OperationResult): void {
  if (isSameResult(found, expected)) return;
  throw new Error(`It resolved to ${JSON.stringify(found)}, not ${JSON.stringify(expected)}.`);
}

function isSameResult(left: OperationResult, right: OperationResult): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  return left === null || right === null ? left === right : isSame(left, right);
}
