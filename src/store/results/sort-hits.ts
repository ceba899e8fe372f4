/** Orders hits by a field of their meta. */
import type { MetaValue } from '../../protocol/store-contract';
import type { SortBy } from '../../protocol/store-query';
import { parseIsoDate } from '../where/iso-date';
import { fieldReader } from '../where/read-field';
import type { FoundItem } from './found-item';

/**
 * The hits by a field; of equal ones the better first, as they come. Numbers come before strings, which
 * compare by UTF-16 unit, and these before `false` and `true`; `desc` turns all of that round. Hits
 * without such a value come last in either direction.
 */
export function sortHits<Hit extends FoundItem>(
  hits: readonly Hit[],
  { field, order = 'asc', type }: SortBy,
): Hit[] {
  const read = fieldReader(field);
  const keyOf = type === 'date' ? dateOf : scalarOf;
  const direction = order === 'asc' ? 1 : -1;
  return hits
    .map((hit) => ({ hit, key: keyOf(read(hit.item.meta)) }))
    .sort((left, right) => {
      if (left.key === null || right.key === null)
        return +(left.key === null) - +(right.key === null);
      return direction * compare(left.key, right.key);
    })
    .map(({ hit }) => hit);
}

type Key = number | string | boolean;

const TYPES = ['number', 'string', 'boolean'];

function compare(left: Key, right: Key): number {
  const types = TYPES.indexOf(typeof left) - TYPES.indexOf(typeof right);
  if (types !== 0) return types;
  return left < right ? -1 : +(left > right);
}

function scalarOf(value: MetaValue | undefined): Key | null {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** Milliseconds since 1970, as filters read them. */
function dateOf(value: MetaValue | undefined): number | null {
  const time = typeof value === 'string' ? parseIsoDate(value) : value;
  return typeof time === 'number' && !Number.isNaN(time) ? time : null;
}
