/** The inverted indexes of one collection, each made by the first query that needs it. */
import { decodeLexical } from '../signals/lexical-codec';
import { SparseIndex } from '../sparse/sparse-index';
import { itemText } from '../text/item-text';
import { TextIndex } from '../text/text-index';
import { LiveIndex } from './live-index';
import type { SignalSource } from './signal-source';

export class CollectionIndexes {
  readonly text = new LiveIndex<TextIndex>({
    make: () => new TextIndex(),
    apply: (index, changes) => {
      for (const [row, item] of changes) {
        if (item === null) index.remove(row);
        else index.put(row, itemText(item));
      }
    },
  });
  readonly sparse: LiveIndex<SparseIndex>;

  constructor(signals: SignalSource) {
    this.sparse = new LiveIndex<SparseIndex>({
      make: () => new SparseIndex(),
      apply: async (index, changes, { record }) => {
        for (const [row] of changes) index.remove(row);
        const items = changes.flatMap(([row, item]) => (item === null ? [] : { row, id: item.id }));
        const found = await signals.lexical(
          record,
          items.map(({ id }) => id),
        );
        items.forEach(({ row }, place) => {
          const bytes = found[place] ?? null;
          if (bytes !== null) index.put(row, decodeLexical(bytes));
        });
      },
    });
  }
}
