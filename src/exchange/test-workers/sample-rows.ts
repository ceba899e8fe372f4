/** A collection in memory, to be exported; and one that is filled by an import. */
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { normalise } from '../../core/normalise';
import type { CollectionSummary, ItemRecord } from '../../protocol/store-contract';
import type { ItemPictures, PictureKind, RowBlock, RowSink, RowSource } from '../row-source';

export const DIMENSION = 5;

/** What is awkward about items: characters of all kinds, half a surrogate pair, deep and empty values. */
export const SAMPLE_ITEMS: readonly ItemRecord[] = [
  { id: 'a', meta: {}, fields: {} },
  { id: 'ünï 写真 \ud800', meta: { tags: ['x', 1, null, true], at: { lat: 1.5 } }, fields: {} },
  { id: 'line\nbreak', meta: { '': '', __proto: -0.1 }, fields: { text: 'two\r\nlines', '': '' } },
  { id: 'rough one', meta: { name: '"quoted"' }, fields: { caption: '𝒳' }, rough: true },
];

/** As many items as the sample has times `times`, with ids of their own. */
export function manyItems(times: number): ItemRecord[] {
  return Array.from({ length: times }, (_, round) =>
    SAMPLE_ITEMS.map((item) => (round === 0 ? item : { ...item, id: `${item.id} ${round}` })),
  ).flat();
}

/** Random unit rows. */
export function unitRows(count: number, dimension = DIMENSION): Float32Array<ArrayBuffer> {
  const next = randomNumbers(count + 1);
  const rows = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const vector = normalise(Float32Array.from({ length: dimension }, next));
    if (vector === null) throw new Error('a random vector was zero');
    rows.set(vector, row * dimension);
  }
  return rows;
}

/** A source of these items, in blocks of three. */
export function sourceOf(
  items: readonly ItemRecord[],
  pictures: ReadonlyMap<string, Partial<ItemPictures>> = new Map(),
  dimension = DIMENSION,
): RowSource & { readonly vectors: Float32Array<ArrayBuffer> } {
  const vectors = unitRows(items.length, dimension);
  return {
    name: 'Urlaub',
    model: 'hash@1',
    dimension,
    count: items.length,
    vectors,
    *blocks(): Generator<RowBlock, void> {
      for (let first = 0; first < items.length; first += 3) {
        const end = Math.min(first + 3, items.length);
        yield {
          items: items.slice(first, end),
          vectors: vectors.slice(first * dimension, end * dimension),
        };
      }
    },
    pictures: (ids) =>
      Promise.resolve(ids.map((id) => ({ thumbnail: null, original: null, ...pictures.get(id) }))),
  };
}

/** Remembers what it is given, and what became of it. */
export class MemorySink implements RowSink {
  readonly items: ItemRecord[] = [];
  readonly vectors: number[] = [];
  readonly pictures = new Map<string, Blob>();
  fate: 'open' | 'committed' | 'discarded' = 'open';
  readonly #head: CollectionSummary;

  constructor(head: CollectionSummary) {
    this.#head = head;
  }

  putRows({ items, vectors }: RowBlock): Promise<void> {
    this.items.push(...items);
    this.vectors.push(...vectors);
    return Promise.resolve();
  }

  putPicture(id: string, kind: PictureKind, picture: Blob): Promise<void> {
    this.pictures.set(`${kind} of ${id}`, picture);
    return Promise.resolve();
  }

  checkReplaceable(): Promise<void> {
    return Promise.resolve();
  }

  commit(): Promise<CollectionSummary> {
    this.fate = 'committed';
    return Promise.resolve(this.#head);
  }

  discard(): Promise<void> {
    this.fate = 'discarded';
    return Promise.resolve();
  }
}

/** All pieces as one. */
export async function joined(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) parts.push(new Uint8Array(piece));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** All that a reader gives, as a list. */
export async function collected<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const list: Row[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

/** The bytes in pieces of a size. */
export function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array, void> {
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}
