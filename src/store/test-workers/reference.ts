/** What a collection has to be: the same writes, applied to a map in the plainest way. */
import type { CollectionSummary, VectorImportReport } from '../../protocol/store-contract';
import { itemsOf, numbersOf, updateOf, type Operation, type PlainItem } from './operations';

/** What the call of an operation resolves to, as far as it is compared. */
export type OperationResult =
  | null
  | boolean
  | number
  | readonly boolean[]
  | Pick<VectorImportReport, 'added' | 'skipped' | 'failedCount'>
  | Pick<CollectionSummary, 'count'>;

export class Reference {
  /** By number, in the order of adding. */
  readonly #items: Map<number, PlainItem>;
  #saved: readonly PlainItem[] | null = null;

  constructor(items: readonly PlainItem[] = []) {
    this.#items = new Map(items.map((item) => [item.number, item]));
  }

  /** In the order in which they were put. */
  get items(): readonly PlainItem[] {
    return [...this.#items.values()];
  }

  get count(): number {
    return this.#items.size;
  }

  copy(): Reference {
    const copy = new Reference(this.items);
    copy.#saved = this.#saved;
    return copy;
  }

  get(number: number): PlainItem | undefined {
    return this.#items.get(number);
  }

  apply(operation: Operation): OperationResult {
    switch (operation.kind) {
      case 'put': {
        // Who adds a rough item did not know of the one that is there.
        const items = itemsOf(operation);
        this.#append(items.filter(({ number, rough }) => !(rough && this.#items.has(number))));
        return null;
      }
      case 'refine':
        return numbersOf(operation.span).map((number) => {
          const item = this.#items.get(number);
          if (item?.rough !== true) return false;
          this.#append([{ ...item, rough: false, vectorSeed: operation.seed, isUpdated: false }]);
          return true;
        });
      case 'update': {
        const item = this.#items.get(operation.number);
        if (item === undefined) return false;
        const { meta, fields } = updateOf(operation.seed);
        this.#items.set(operation.number, {
          ...item,
          meta: { ...item.meta, ...meta },
          fields: { ...item.fields, ...fields },
          isUpdated: true,
        });
        return true;
      }
      case 'delete':
        return numbersOf(operation.span).filter((number) => this.#items.delete(number)).length;
      case 'import': {
        const items = itemsOf(operation);
        const fresh = items.filter(({ number }) => !this.#items.has(number));
        this.#append(fresh);
        return { added: fresh.length, skipped: items.length - fresh.length, failedCount: 0 };
      }
      case 'clear':
        this.#items.clear();
        return null;
      case 'save':
        this.#saved = this.items;
        return null;
      case 'restore':
        if (this.#saved === null) return null;
        this.#items.clear();
        this.#append(this.#saved);
        return { count: this.count };
      default:
        return operation satisfies never;
    }
  }

  #append(items: readonly PlainItem[]): void {
    for (const item of items) {
      this.#items.delete(item.number);
      this.#items.set(item.number, item);
    }
  }
}
