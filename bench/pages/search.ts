/** Puts the parts of the search page together. */
import type { Where } from 'photoglot';
import type { SearchIndex, SearchSide } from './search-index';
import { photoglot, timeAdding, timeSearch } from './search-own';
import type { SearchPage, SideName } from './search-page';
import { peerSide } from './search-peer';
import { addedVectors, queryVectors, warmUpVectors, type RowSet } from './search-rows';
import { findTruth } from './search-truth';

const LIMIT = 10;
const WARM_UP = 10;

let current: { readonly set: RowSet; readonly index: SearchIndex } | null = null;
let builtRows = 0;

window.search = {
  truth: findTruth,

  prepare(task) {
    return sideOf(task.side).prepare(task);
  },

  async build(task) {
    const { index, ...built } = await sideOf(task.side).build(task, (rows) => {
      builtRows = rows;
    });
    current = { set: task, index };
    return built;
  },

  built: () => builtRows,

  async open(task) {
    const [first] = warmUpVectors(task, 1);
    if (first === undefined) throw new Error('There is no query.');
    const start = performance.now();
    const index = await sideOf(task.side).open(task);
    await index.search(first, LIMIT);
    const ms = performance.now() - start;
    current = { set: task, index };
    return ms;
  },

  async time({ queries }) {
    const { set, index } = opened();
    for (const vector of warmUpVectors(set, WARM_UP)) await index.search(vector, LIMIT);
    const ms: number[] = [];
    const found: (readonly number[])[] = [];
    for (const vector of queryVectors(set, queries)) {
      const start = performance.now();
      found.push(await index.search(vector, LIMIT));
      ms.push(performance.now() - start);
    }
    return { ms, found };
  },

  async timeFilters({ queries, percents }) {
    const { set } = opened();
    const plain: number[] = [];
    const filtered = percents.map((percent) => ({ percent, ms: [] as number[] }));
    for (const [turn, vector] of queryVectors(set, queries).entries()) {
      // In turns, so that a busy moment of the machine hits all.
      plain.push(await timeSearch(vector, LIMIT));
      for (const { percent, ms } of filtered) {
        ms.push(await timeSearch(vector, LIMIT, percentFilter(percent, turn)));
      }
    }
    return { plain, filtered };
  },

  addRows({ count }) {
    return timeAdding(addedVectors(opened().set, count));
  },

  async usage() {
    return (await navigator.storage.estimate()).usage ?? NaN;
  },
} satisfies SearchPage;

/** Another one each time: what it selects was not kept from the time before. */
function percentFilter(percent: number, turn: number): Where {
  const from = turn % (100 - percent + 1);
  return { percent: { gte: from, lt: from + percent } };
}

function sideOf(name: SideName): SearchSide {
  return name === 'Photoglot' ? photoglot : peerSide(name);
}

function opened(): NonNullable<typeof current> {
  if (current === null) throw new Error('No index is open.');
  return current;
}
