import { beforeEach, describe, expect, test } from 'vitest';
import { Bitset } from '../../core/bitset';
import { TextIndex } from './text-index';

let index: TextIndex;
beforeEach(() => {
  index = new TextIndex();
});

const fill = (...texts: readonly string[]): void => {
  texts.forEach((text, row) => {
    index.put(row, text);
  });
};
const rowsOf = (query: string, limit = 10, rows: Bitset | null = null): number[] =>
  index.search(query, limit, rows).map(({ row }) => row);

describe('ranking', () => {
  test('is BM25+ as it is written', () => {
    fill('dog dog beach', 'dog', 'cat on the beach by the sea');
    const [first, second] = index.search('dog', 10, null);
    const weight = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
    const average = (3 + 1 + 7) / 3;
    const gain = (times: number, length: number): number =>
      1 + (times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / average));
    expect(first).toEqual({ row: 0, score: weight * gain(2, 3), coverage: 1 });
    expect(second).toEqual({ row: 1, score: weight * gain(1, 1), coverage: 1 });
  });

  test('rare words count more than common ones', () => {
    fill('a dog', 'a cat', 'a bird', 'a zebra and a dog');
    expect(rowsOf('a zebra')[0]).toBe(3);
    const [zebra, dog] = index.search('zebra cat', 10, null);
    expect(zebra?.coverage).toBeLessThan(1);
    expect(zebra?.coverage).toBeGreaterThan(0.3);
    expect(dog?.coverage).toBeGreaterThan(0);
  });

  test('coverage tells how much of the query an item has', () => {
    fill('dog on the beach', 'dog', 'beach');
    const coverage = new Map(
      index.search('dog beach snow', 10, null).map((match) => [match.row, match.coverage]),
    );
    expect(coverage.get(0)).toBeGreaterThan(coverage.get(1) ?? 1);
    // A word that nothing has counts like the rarest.
    expect(coverage.get(0)).toBeLessThan(0.6);
  });

  test('equal items come in the order of their rows, and a limit takes the best', () => {
    fill('dog', 'cat', 'dog', 'dog dog dog', 'dog');
    expect(rowsOf('dog', 2)).toEqual([3, 0]);
    expect(rowsOf('dog')).toEqual([3, 0, 2, 4]);
  });
});

describe('finds', () => {
  test('in any script, whatever the case and marks', () => {
    fill('Ein Hündchen am STRAND', 'собака на пляже', '海辺の子犬', 'kot w Łodzi', 'كَلب');
    expect(rowsOf('hundchen')).toEqual([0]);
    expect(rowsOf('ПЛЯЖЕ')).toEqual([1]);
    expect(rowsOf('子犬')).toEqual([2]);
    expect(rowsOf('犬')).toEqual([2]);
    expect(rowsOf('海')).toEqual([2]);
    expect(rowsOf('lodzi')).toEqual([3]);
    expect(rowsOf('كلب')).toEqual([4]);
  });

  test('file names by their parts, and parts by what is written as one', () => {
    fill('IMG_20240501.jpg', 'IMG20240502.jpg', 'beachParty2.png');
    expect(rowsOf('20240501')).toEqual([0]);
    expect(rowsOf('20240502')).toEqual([1]);
    expect(rowsOf('img20240501')[0]).toBe(0);
    expect(rowsOf('img_202405').sort()).toEqual([0, 1]);
    expect(rowsOf('party')).toEqual([2]);
  });

  test('what a word begins, the nearer the better', () => {
    fill('doghouse', 'dogs', 'dog', 'do');
    expect(rowsOf('dog')).toEqual([2, 1, 0]);
    expect(rowsOf('dog lies')).toEqual([2, 1, 0]);
    // Two letters begin too much, unless somebody may be typing.
    expect(rowsOf('do')).toContain(0);
    expect(rowsOf('do sleep')).toEqual([3]);
  });

  test('words with a typo, if there is nothing else', () => {
    fill('beach', 'bench', 'mountains', 'img 20240501');
    expect(rowsOf('beach')).toEqual([0]);
    expect(rowsOf('beahc')).toEqual([0]);
    expect(rowsOf('moutnians')).toEqual([2]);
    expect(rowsOf('dag')).toEqual([]);
    expect(rowsOf('meach')).toEqual([]);
    expect(rowsOf('20240511')).toEqual([]);
    expect(index.search('beahc', 1, null)[0]?.coverage).toBeCloseTo(0.8);
  });

  test('the first words of a long query', () => {
    fill('dog', 'cat');
    expect(rowsOf(`dog ${'sea '.repeat(126)}cat`)).toEqual([0, 1]);
    expect(rowsOf(`dog ${'sea '.repeat(127)}cat`)).toEqual([0]);
  });

  test('nothing for no words, and in an empty index', () => {
    expect(rowsOf('dog')).toEqual([]);
    fill('dog');
    expect(rowsOf('… 🐶')).toEqual([]);
  });

  test('only rows that are asked for', () => {
    fill('dog', 'dog', 'dog');
    const rows = new Bitset(3);
    rows.add(1);
    expect(rowsOf('dog', 1, rows)).toEqual([1]);
  });
});

describe('changes', () => {
  test('a row that is replaced or removed is found by what it has now', () => {
    fill('dog', 'cat', '');
    index.put(0, 'bird');
    index.remove(1);
    expect([rowsOf('dog'), rowsOf('cat'), rowsOf('bird')]).toEqual([[], [], [0]]);
    expect([0, 1, 2, 3].map((row) => index.has(row))).toEqual([true, false, false, false]);
  });

  test('after many changes all is as if it had been built anew', () => {
    const texts = Array.from(
      { length: 3000 },
      (_, row) => `photo ${row % 7} of dog${row % 11} ${'sea '.repeat(row % 5)}`,
    );
    for (let round = 0; round < 3; round++) texts.forEach((text, row) => index.put(row, text));
    const gone = texts.map((_, row) => row).filter((row) => row % 3 === 0);
    for (const row of gone) index.remove(row);
    const fresh = new TextIndex();
    texts.forEach((text, row) => {
      if (row % 3 !== 0) fresh.put(row, text);
    });
    for (const query of ['dog3', 'sea', 'photo 5 dog', 'dog']) {
      const expected = fresh.search(query, 50, null);
      expect(index.search(query, 50, null)).toEqual(expected);
      expect(expected.length).toBe(50);
    }
  });
});
