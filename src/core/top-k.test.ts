import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopK } from './top-k';

test('keeps what sorting everything would keep, in any order of arrival', () => {
  const entries = fc.array(fc.record({ score: fc.integer({ min: -3, max: 3 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 20 }), fc.boolean(), (scores, limit, back) => {
      const rows = scores.map(({ score }, row) => ({ row, score }));
      const best = new TopK(limit);
      for (const { row, score } of back ? rows.toReversed() : rows) best.offer(row, score);
      const expected = rows
        .toSorted((left, right) => right.score - left.score || left.row - right.row)
        .slice(0, limit);
      expect(best.sorted()).toEqual(expected);
      expect(best.floor).toBe(rows.length < limit ? -Infinity : expected.at(-1)?.score);
    }),
  );
});
