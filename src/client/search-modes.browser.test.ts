import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { StoreContract } from '../protocol/store-contract';
import type { Collection, SearchOptions, SearchResult, SearchUpdate } from './api';
import { openCollection } from './open-collection';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { WorkerLink } from './worker-link';

let store: WorkerLink<StoreContract>;
let encoders: HashEncoders;
let photos: Collection;

beforeEach(async () => {
  store = new WorkerLink<StoreContract>(spawnStoreWorker);
  encoders = new HashEncoders();
  photos = await openCollection({ name: `c ${crypto.randomUUID()}`, encoders, store });
});

afterEach(async () => {
  await store.call('drop', { collection: photos.name });
  store.dispose();
});

const idsOf = ({ hits }: SearchResult): string[] => hits.map(({ id }) => id);

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : String(thrown)),
  );
}

describe('by words', () => {
  const keyword = (query: string, options: SearchOptions = {}): Promise<SearchResult> =>
    photos.search(query, { ...options, mode: 'keyword' });

  beforeEach(async () => {
    await photos.add([
      new File(['sea'], 'IMG_2024_Strand.jpg', { type: 'image/jpeg', lastModified: 7 }),
      { id: 'dog', text: 'ein Hund am Strand', meta: { place: { city: 'Łódź' } } },
      { id: 'japan', image: new File(['x'], 'x.jpg'), fields: { caption: '海辺の子犬' } },
    ]);
    encoders.calls.length = 0;
  });

  test('finds file names, captions and places, without the model', async () => {
    const found = await keyword('strand');
    expect(found.hits.map(({ meta, fields }) => meta.name ?? fields.text)).toEqual([
      'ein Hund am Strand',
      'IMG_2024_Strand.jpg',
    ]);
    expect(found.hits[0]?.scores).toEqual({ keyword: found.hits[0]?.score });
    expect(found.hits[0]?.confidence).toBe(1);
    expect(idsOf(await keyword('lodz'))).toEqual(['dog']);
    expect(idsOf(await keyword('子犬'))).toEqual(['japan']);
    expect(await (await found.hits[1]?.thumbnail())?.text()).toBe('320 px of sea');
    expect(encoders.calls).toEqual([]);
  });

  test('follows every change, in another tab too', async () => {
    expect(idsOf(await keyword('hund'))).toEqual(['dog']);
    await photos.update('dog', { fields: { text: 'eine Katze' } });
    expect([idsOf(await keyword('hund')), idsOf(await keyword('katze'))]).toEqual([[], ['dog']]);
    const tab = new WorkerLink<StoreContract>(spawnStoreWorker);
    try {
      const other = await openCollection({ name: photos.name, encoders, store: tab });
      await other.add([{ id: 'new', text: 'Katze' }]);
      expect(idsOf(await keyword('katze'))).toEqual(['new', 'dog']);
      await photos.delete('new');
      expect(idsOf(await other.search('katze', { mode: 'keyword' }))).toEqual(['dog']);
      await other.clear();
      expect(idsOf(await keyword('katze'))).toEqual([]);
    } finally {
      tab.dispose();
    }
  });

  test('a cutoff is the least share of the words', async () => {
    expect((await keyword('strand hund')).hits).toHaveLength(2);
    const all = await keyword('strand hund', { cutoff: 1 });
    expect([idsOf(all), all.omitted]).toEqual([['dog'], 1]);
    expect(idsOf(await keyword('strand', { where: { type: 'image/jpeg' } }))).not.toContain('dog');
  });

  test('of negative weight are not looked for', async () => {
    const query = [{ text: 'strand' }, { text: 'hund', weight: -1 }];
    const found = await photos.search(query, { mode: 'keyword' });
    expect(found.hits).toHaveLength(2);
    const none = photos.search({ text: 'strand', weight: -1 }, { mode: 'keyword' });
    expect(await codeOf(none)).toBe('invalid-input');
  });
});

describe('by meaning and words', () => {
  beforeEach(async () => {
    await photos.add([
      { id: 'meant', vector: encoders.vectorOf('red car') },
      { id: 'said', text: 'a red car, parked' },
      { id: 'other', text: 'a dog' },
    ]);
  });

  test('both are found, and each signal tells its score', async () => {
    const { hits } = await photos.search('red car', { mode: 'hybrid', limit: 2 });
    expect(hits.map(({ id }) => id).sort()).toEqual(['meant', 'said']);
    const [meant, said] = ['meant', 'said'].map((id) => hits.find((hit) => hit.id === id));
    expect(meant?.scores.dense).toBeCloseTo(1, 5);
    expect(meant?.scores.keyword).toBeUndefined();
    expect(said?.scores.keyword).toBeGreaterThan(0);
    expect(said?.confidence).toBe(1);
  });

  test('weights decide what counts', async () => {
    const best = async (fusion: SearchOptions['fusion']): Promise<string | undefined> => {
      const options = { mode: 'hybrid', ...(fusion === undefined ? {} : { fusion }) } as const;
      return (await photos.search('red car', options)).hits[0]?.id;
    };
    expect(await best({ dense: 1 })).toBe('meant');
    expect(await best({ keyword: 1 })).toBe('said');
  });

  test('in steps: the words first, while the model still reads the query', async () => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    encoders.before = () => asked;
    const updates: SearchUpdate[] = [];
    for await (const update of photos.searchStream('red car', { limit: 2 })) {
      updates.push(update);
      answer();
    }
    expect(updates.map(({ isComplete }) => isComplete)).toEqual([false, true]);
    expect(updates.map(idsOf)).toEqual([['said'], expect.arrayContaining(['meant', 'said'])]);
  });

  test('a step that would add nothing is left out', async () => {
    const steps = async (query: Parameters<Collection['search']>[0], options: SearchOptions) => {
      const updates: SearchUpdate[] = [];
      for await (const update of photos.searchStream(query, options)) updates.push(update);
      return updates.map(({ isComplete }) => isComplete);
    };
    expect(await steps({ vector: encoders.vectorOf('red car') }, {})).toEqual([true]);
    expect(await steps('red car', { mode: 'semantic' })).toEqual([true]);
    expect(await steps('red car', { mode: 'keyword' })).toEqual([true]);
  });

  test('leaving the loop ends the search, and failures come out of it', async () => {
    encoders.before = () => new Promise(() => undefined);
    for await (const update of photos.searchStream('red car')) {
      expect(update.isComplete).toBe(false);
      break;
    }
    const controller = new AbortController();
    const stream = photos.searchStream('red car', { signal: controller.signal });
    const reading = (async () => {
      for await (const update of stream) if (!update.isComplete) controller.abort();
    })();
    expect(await codeOf(reading)).toBe('aborted');
    const refused = (async () => {
      for await (const _ of photos.searchStream('')) return;
    })();
    expect(await codeOf(refused)).toBe('invalid-input');
  });
});

describe('ordered', () => {
  beforeEach(async () => {
    const rows = Array.from({ length: 40 }, (_, index) => ({
      id: `${index}`,
      text: index % 2 === 0 ? `dog ${index}` : `cat ${index}`,
      meta: { day: `2024-05-${String((index * 7) % 30 || 30).padStart(2, '0')}`, album: index % 4 },
    }));
    await photos.add(rows);
  });

  test('by a date, among what was found', async () => {
    const sort = { field: 'day', order: 'desc', type: 'date' } as const;
    const { hits } = await photos.search('dog', { mode: 'keyword', sort, limit: 40 });
    expect(hits).toHaveLength(20);
    const days = hits.map(({ meta }) => meta.day as string);
    expect(days).toEqual([...days].sort().reverse());
  });

  test('in groups, and without what nearly repeats', async () => {
    const grouped = await photos.search('dog', { mode: 'keyword', groupBy: 'album' });
    expect(grouped.hits.map(({ group }) => group)).toEqual(
      expect.arrayContaining([
        { value: 0, count: 10 },
        { value: 2, count: 10 },
      ]),
    );
    await photos.add([{ id: 'twin', vector: encoders.vectorOf('dog 0'), fields: { text: 'dog' } }]);
    const collapsed = await photos.search('dog 0', { collapse: 0.99, limit: 3 });
    expect(collapsed.hits.map(({ duplicates }) => duplicates)).toEqual([['twin'], [], []]);
  });

  test.each([{}, { mode: 'hybrid' }, { sort: { field: 'day' } }] as const)(
    'page by page with %o',
    async (options) => {
      const whole = idsOf(await photos.search('dog 4', { ...options, limit: 40 }));
      const read: string[] = [];
      let cursor: string | null = null;
      do {
        const page: SearchResult = await photos.search('dog 4', { ...options, limit: 15, cursor });
        read.push(...idsOf(page));
        cursor = page.nextCursor;
        // An item that comes meanwhile is on no page.
        await photos.add([{ text: `dog 4 after ${read.length}` }]);
      } while (cursor !== null);
      expect(read).toEqual(whole);
    },
  );

  test('a later page needs no model, and an outdated one says so', async () => {
    const options = { limit: 15 };
    const { nextCursor } = await photos.search('dog 4', { ...options, cursor: null });
    encoders.calls.length = 0;
    expect((await photos.search('dog 4', { ...options, cursor: nextCursor })).hits).toHaveLength(
      15,
    );
    expect(encoders.calls).toEqual([]);
    expect(await codeOf(photos.search('cat', { ...options, cursor: nextCursor }))).toBe(
      'invalid-input',
    );
    const restarted = new WorkerLink<StoreContract>(spawnStoreWorker);
    try {
      const reopened = await openCollection({ name: photos.name, encoders, store: restarted });
      const page = { ...options, cursor: nextCursor };
      expect((await reopened.search('dog 4', page)).hits).toHaveLength(15);
      await reopened.add([{ text: 'new' }]);
      restarted.dispose();
      const third = new WorkerLink<StoreContract>(spawnStoreWorker);
      const again = await openCollection({ name: photos.name, encoders, store: third });
      expect(await codeOf(again.search('dog 4', page))).toBe('cursor-expired');
      third.dispose();
    } finally {
      restarted.dispose();
    }
  });
});

describe('signals of texts', () => {
  const keepSignals = ['sparse', 'colbert'] as const;

  beforeEach(async () => {
    encoders.signals = keepSignals;
    photos = await openCollection({ name: photos.name, encoders, store }, { keepSignals });
    await photos.add([
      { id: 'text', text: 'red car parked' },
      { id: 'captioned', image: new File(['a'], 'a.jpg'), fields: { caption: 'blue car' } },
      { id: 'given', vector: encoders.vectorOf('sky'), fields: { caption: 'red sky' } },
      { id: 'picture', image: new File(['b'], 'b.jpg') },
    ]);
  });

  test('are kept of texts, and of those beside pictures and vectors', async () => {
    const { hits } = await photos.search('red car', { mode: 'hybrid', rerank: true });
    const scores = new Map(hits.map((hit) => [hit.id, hit.scores]));
    expect(scores.get('text')).toMatchObject({ sparse: 2 });
    expect(scores.get('captioned')).toMatchObject({ sparse: 1 });
    expect(scores.get('given')).toMatchObject({ sparse: 1 });
    expect(scores.get('picture')).not.toHaveProperty('sparse');
    expect(scores.get('text')?.colbert).toBeCloseTo(1, 2);
    expect(scores.get('captioned')?.colbert).toBeLessThan(0.99);
    expect(scores.get('picture')).not.toHaveProperty('colbert');
    expect(await photos.vector('captioned')).toEqual(encoders.vectorOf('a'));
  });

  test('go with their items, and come with others of the same ids', async () => {
    const sparseOf = async (id: string): Promise<number | undefined> => {
      const { hits } = await photos.search('red car', { mode: 'hybrid' });
      return hits.find((hit) => hit.id === id)?.scores.sparse;
    };
    expect(await sparseOf('text')).toBe(2);
    await photos.update('text', { meta: { seen: true } });
    expect(await sparseOf('text')).toBe(2);
    await photos.delete('text');
    await photos.add([{ id: 'text', vector: encoders.vectorOf('red car') }]);
    expect(await sparseOf('text')).toBeUndefined();
  });

  test('that the model does not give cannot be kept, nor asked for', async () => {
    encoders.signals = ['sparse'];
    const opening = openCollection({ name: photos.name, encoders, store }, { keepSignals });
    expect(await codeOf(opening)).toBe('invalid-input');
    expect(await codeOf(photos.search('dog', { rerank: true }))).toBe('invalid-input');
  });
});

test.each([
  { mode: 'fuzzy' },
  { fusion: 'best' },
  { fusion: {} },
  { fusion: { dense: -1 } },
  { fusion: { dense: 1, colour: 1 } },
  { sort: { field: '' } },
  { sort: { field: 'a', order: 'up' } },
  { groupBy: 7 },
  { collapse: 2 },
  { cursor: 7 },
  { cursor: 'nonsense' },
])('%o is refused before anything is encoded', async (options) => {
  const searching = photos.search('dog', options as unknown as SearchOptions);
  expect(await codeOf(searching)).toBe('invalid-input');
  expect(encoders.calls).toEqual([]);
});
