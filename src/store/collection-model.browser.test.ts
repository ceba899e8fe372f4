/**
 * Random histories of a collection in two tabs, against a reference that is a map. `STORE_MODEL_RUNS`
 * asks for more of them than a quick suite has time for, `STORE_MODEL_SEED` for others; a failure
 * tells its seed, and the shortest history that fails.
 */
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import type { Extent } from './test-workers/arbitrary-operations';
import { arbitrarySteps } from './test-workers/model-commands';
import { Session } from './test-workers/model-session';
import type { Operation } from './test-workers/operations';
import { Reference } from './test-workers/reference';
import { runOperation } from './test-workers/run-operation';
import { AS_IT_IS, PACKING } from './test-workers/store-kinds';

const { runs, seed } = inject('storeModel');

const MOST_STEPS = 50;
/** A run takes some seconds; this is for machines that have much else to do. */
const RUN_MS = 30_000;

const EXTENT: Extent = { few: 30, many: 400 };

describe('a collection is what its history makes of it', () => {
  test.each([AS_IT_IS, PACKING])(
    'in a store $name',
    async (kind) => {
      const steps = fc.commands(arbitrarySteps(EXTENT), {
        maxCommands: MOST_STEPS,
        size: 'max',
      });
      const property = fc.asyncProperty(steps, async (each) => {
        const session = await Session.begin(kind);
        try {
          const model = { reference: new Reference() };
          await fc.asyncModelRun(() => ({ model, real: session }), each);
          await session.reopen(0);
          await session.settle(session.tab(0), [model.reference]);
        } finally {
          await session.end();
        }
      });
      await fc.assert(property, {
        numRuns: runs,
        seed,
        // Shrinking ends in time for the report of what it has found.
        interruptAfterTimeLimit: runs * RUN_MS,
        markInterruptAsFailure: true,
      });
    },
    2 * runs * RUN_MS,
  );
});

describe('the comparison notices', () => {
  const put: Operation = {
    kind: 'put',
    span: { first: 0, count: 9, step: 1 },
    seed: 1,
    rough: true,
    pictures: true,
  };
  const lost: readonly Operation[] = [
    { ...put, seed: 2, rough: false },
    { ...put, span: { first: 9, count: 1, step: 1 } },
    { kind: 'refine', span: { first: 3, count: 1, step: 1 }, seed: 1 },
    { kind: 'update', number: 3, seed: 5 },
    { kind: 'delete', span: { first: 8, count: 1, step: 1 } },
    { kind: 'import', span: { first: 8, count: 2, step: 1 }, seed: 3 },
    { kind: 'clear' },
  ];
  test.each(lost)('that $kind is lost', async (operation) => {
    const session = await Session.begin(AS_IT_IS);
    try {
      const reference = new Reference();
      await runOperation(session.tab(0), put, session.saved);
      reference.apply(put);
      expect(await session.settle(session.tab(0), [reference])).toBe(reference);
      reference.apply(operation);
      await expect(session.settle(session.tab(0), [reference])).rejects.toThrow();
      await runOperation(session.tab(0), operation, session.saved);
      expect(await session.settle(session.tab(0), [reference])).toBe(reference);
    } finally {
      await session.end();
    }
  });
});

declare module 'vitest' {
  interface ProvidedContext {
    storeModel: { readonly runs: number; readonly seed: number };
  }
}
