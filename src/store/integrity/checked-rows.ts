/** The items of a collection that was checked, by the numbers of their rows. */
import type { ItemRecord } from '../../protocol/store-contract';
import { firstRowOf, type CollectionRecord } from '../schema';
import type { CheckedFile } from './checked-file';
import type { CheckedSegment } from './checked-segment';
import { RowNames } from './row-names';
import { soundItems } from './sound-rows';

/** Rows of a file whose items are read at a time. */
const BLOCK_ROWS = 256;

export class CheckedRows {
  readonly #record: CollectionRecord;
  readonly #files: readonly CheckedFile[];
  readonly #segments: readonly CheckedSegment[];

  constructor(
    record: CollectionRecord,
    files: readonly CheckedFile[],
    segments: readonly CheckedSegment[],
  ) {
    this.#record = record;
    this.#files = files;
    this.#segments = segments;
  }

  async names(nameOf: (id: string) => Promise<string>, signal: AbortSignal): Promise<RowNames> {
    const names = new RowNames(this.#record.rows);
    const add = (first: number, items: readonly (ItemRecord | null)[]): Promise<unknown> =>
      Promise.all(
        items.map(async (item, index) => {
          if (item !== null) names.set(first + index, await nameOf(item.id));
        }),
      );
    for (const checked of this.#files) {
      const { file, placed, live, lost } = checked;
      const rows: number[] = [];
      live.difference(lost).forEach((row) => rows.push(row));
      for (let start = 0; start < rows.length && file !== null; start += BLOCK_ROWS) {
        signal.throwIfAborted();
        const block = Uint32Array.from(rows.slice(start, start + BLOCK_ROWS));
        const items = await soundItems(file, block);
        await Promise.all(
          items.map((item, index) => add(placed.first + (block[index] ?? 0), [item])),
        );
      }
    }
    for (const { index, items } of this.#segments) {
      await add(firstRowOf(this.#record, index), items);
    }
    return names;
  }

  /** Of rows with the same id the last one stays; the ids of the others. */
  async giveUpDuplicates(names: RowNames): Promise<string[]> {
    const duplicates: string[] = [];
    for (const rows of names.alike()) {
      const seen = new Set<string>();
      for (const row of rows.reverse()) {
        const id = (await this.#itemAt(row))?.id;
        if (id === undefined) continue;
        if (seen.has(id)) {
          this.#giveUp(row);
          duplicates.push(id);
        }
        seen.add(id);
      }
    }
    return duplicates;
  }

  async #itemAt(row: number): Promise<ItemRecord | null> {
    const place = this.#placeOf(row);
    if (place.kind === 'log') return place.segment.items[place.row] ?? null;
    const [item = null] = (await place.checked.file?.items(Uint32Array.of(place.row))) ?? [];
    return item;
  }

  #giveUp(row: number): void {
    const place = this.#placeOf(row);
    if (place.kind === 'file') {
      place.checked.lost.add(place.row);
      return;
    }
    place.segment.items[place.row] = null;
    place.segment.givenUp++;
  }

  #placeOf(row: number) {
    const checked = this.#files.find(
      ({ placed }) => row >= placed.first && row < placed.first + placed.rows,
    );
    if (checked !== undefined) {
      return { kind: 'file', checked, row: row - checked.placed.first } as const;
    }
    const segment = this.#segments.findLast(({ index }) => firstRowOf(this.#record, index) <= row);
    if (segment === undefined) throw new Error(`There is no row ${row}.`);
    return { kind: 'log', segment, row: row - firstRowOf(this.#record, segment.index) } as const;
  }
}
