import { expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import { areEqual } from './checksums';
import { importPortable } from './import-portable';
import { crafted, recordsOf } from './test-workers/crafted-file';
import { faultyCopies } from './test-workers/mutations';
import {
  DIMENSION,
  inPieces,
  joined,
  manyItems,
  MemorySink,
  sourceOf,
} from './test-workers/sample-rows';
import { writePortable } from './write-portable';

const PICTURES = new Map([
  ['a', { thumbnail: new Blob(['small'], { type: 'image/jpeg' }) }],
  ['rough one', { original: new File(['large'.repeat(50)], 'a.png', { lastModified: 1 }) }],
]);

/** What became of it: `taken`, or the code of the error. */
async function outcomeOf(bytes: Iterable<Uint8Array>): Promise<{
  readonly outcome: string;
  readonly sink: MemorySink | null;
}> {
  const sinks: MemorySink[] = [];
  const outcome = await importPortable({
    bytes,
    begin: (head) => {
      const sink = new MemorySink(head);
      sinks.push(sink);
      return Promise.resolve(sink);
    },
    progress: () => undefined,
    signal: new AbortController().signal,
  }).then(
    () => 'taken',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : String(thrown)),
  );
  return { outcome, sink: sinks[0] ?? null };
}

test('of 4,000 faulty files none is taken, and each says why', async () => {
  const file = await joined(writePortable(sourceOf(manyItems(3), PICTURES)));
  const outcomes = new Set<string>();
  let same = 0;
  for (const copy of faultyCopies(file, 4000, 1)) {
    const { outcome, sink } = await outcomeOf(inPieces(copy, 97));
    if (areEqual(copy, file)) {
      same++;
      expect(outcome).toBe('taken');
      continue;
    }
    outcomes.add(outcome);
    expect(sink?.fate ?? 'discarded').toBe('discarded');
  }
  expect([...outcomes].sort()).toEqual(['import-invalid', 'unsupported-format-version']);
  expect(same).toBeLessThan(100);
});

// Whoever makes a file can also make its checksums: what they cannot tell, the checks behind them must.
test('of 4,000 files whose checksums were made to fit, only what a collection can hold is taken', async () => {
  const file = await joined(writePortable(sourceOf(manyItems(2), PICTURES)));
  const records = recordsOf(file);
  const outcomes = new Map<string, number>();
  for (let index = 0; index < 4000; index++) {
    const place = index % records.length;
    const [tag, payload] = records[place] ?? ['HEAD', new Uint8Array(0)];
    const [copy = payload] = faultyCopies(new Uint8Array(payload), 1, index);
    const changed = await crafted(records.with(place, [tag, copy]));
    const { outcome, sink } = await outcomeOf(changed);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    expect(sink?.fate ?? 'discarded').toBe(outcome === 'taken' ? 'committed' : 'discarded');
    if (outcome !== 'taken' || sink === null) continue;
    expect(new Set(sink.items.map(({ id }) => id)).size).toBe(8);
    for (let start = 0; start < sink.vectors.length; start += DIMENSION) {
      const squares = sink.vectors
        .slice(start, start + DIMENSION)
        .reduce((sum, value) => sum + value * value, 0);
      expect(Math.abs(Math.sqrt(squares) - 1)).toBeLessThan(1e-3);
    }
  }
  expect([...outcomes.keys()].sort()).toEqual(['import-invalid', 'taken']);
  // Most changes of a picture's bytes are no fault; those of rows and heads nearly always are.
  expect(outcomes.get('import-invalid')).toBeGreaterThan(2000);
});
