import { expect, test } from 'vitest';
import type { ItemRecord } from '../../protocol/store-contract';
import type { Where } from '../../protocol/where';
import type { Bitset } from '../../core/bitset';
import { EVERYTHING } from './filter';
import { parseWhere } from './parse-where';
import { RecentSelections } from './recent-selections';

const ITEMS: ItemRecord[] = [{ id: 'a', meta: { x: 1 }, fields: {} }];

function select(selections: RecentSelections, where: Where, items = ITEMS): Bitset {
  return selections.select(parseWhere(where) ?? EVERYTHING, items);
}

test('the same filter is evaluated once, until cleared', () => {
  const selections = new RecentSelections();
  const first = select(selections, { x: 1 });
  expect(select(selections, { x: 1 })).toBe(first);
  expect(first.has(0)).toBe(true);
  expect(select(selections, { x: 2 }).has(0)).toBe(false);

  selections.clear();
  const changed = select(selections, { x: 1 }, [{ id: 'a', meta: { x: 2 }, fields: {} }]);
  expect(changed.has(0)).toBe(false);
});

test('the last 8 are kept', () => {
  const selections = new RecentSelections();
  const kept = select(selections, { x: 0 });
  const dropped = select(selections, { x: 1 });
  for (let x = 2; x < 8; x++) select(selections, { x });
  expect(select(selections, { x: 0 })).toBe(kept);
  select(selections, { x: 8 });
  expect(select(selections, { x: 0 })).toBe(kept);
  expect(select(selections, { x: 1 })).not.toBe(dropped);
});
