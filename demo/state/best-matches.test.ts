import { describe, expect, it } from 'vitest';
import { splitMatches } from './best-matches';
import type { Photo } from './photo';

function ranked(...scores: readonly number[]): Photo[] {
  return scores.map((score, order) => ({
    id: String(order),
    name: '',
    size: 0,
    modified: 0,
    added: 0,
    order,
    credit: null,
    score,
  }));
}

describe('splitMatches', () => {
  it('cuts where scores fall towards the average, whatever the average is', () => {
    for (const offset of [0, 0.3, -0.4]) {
      const scores = [0.7, 0.68, 0.4, 0.2, 0.1, 0.1, 0.1].map((score) => score + offset);
      const { best, others } = splitMatches(ranked(...scores));
      expect(best.map(({ id }) => id)).toEqual(['0', '1']);
      expect(others).toHaveLength(5);
    }
  });

  it('keeps everything when all are alike, and the only one', () => {
    expect(splitMatches(ranked(0.5, 0.5, 0.5)).best).toHaveLength(3);
    expect(splitMatches(ranked(-0.2)).best).toHaveLength(1);
    expect(splitMatches([])).toEqual({ best: [], others: [] });
  });
});
