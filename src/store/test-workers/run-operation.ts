/** Asks a store for what an operation says. */
import { receiveBytes, sendBytes } from '../../protocol/byte-channel';
import type { StoredItem } from '../../protocol/store-contract';
import {
  idOf,
  itemsOf,
  numbersOf,
  updateOf,
  vectorOf,
  vectorsOf,
  type Operation,
  type PlainItem,
  type Span,
} from './operations';
import type { OperationResult } from './reference';
import { MODEL, type Tab } from './store-harness';

type Bytes = Uint8Array<ArrayBuffer>;

/** The file that was saved last; null when there is none. */
export interface SavedFile {
  bytes: Bytes | null;
}

/** Resolves when the store has acknowledged the write, to what it answered. */
export async function runOperation(
  tab: Tab,
  operation: Operation,
  saved: SavedFile,
): Promise<OperationResult> {
  switch (operation.kind) {
    case 'put': {
      const items = itemsOf(operation);
      await tab.call('put', { items: items.map(storedItem), vectors: vectorsOf(items) });
      return null;
    }
    case 'refine':
      return tab.call('refine', {
        ids: idsOf(operation.span),
        vectors: vectorsOf(
          numbersOf(operation.span).map((number) => ({ number, vectorSeed: operation.seed })),
        ),
      });
    case 'update': {
      const { number, seed } = operation;
      return tab.call('update', { id: idOf(number), ...updateOf(seed) });
    }
    case 'delete':
      return tab.call('delete', { ids: idsOf(operation.span) });
    case 'import':
      return importLines(tab, itemsOf(operation));
    case 'clear':
      await tab.call('clear', {});
      return null;
    case 'save':
      saved.bytes = await exported(tab, 'portable');
      return null;
    case 'restore':
      return saved.bytes === null ? null : restore(tab, saved.bytes);
    default:
      return operation satisfies never;
  }
}

/** The collection as a file. */
export async function exported(tab: Tab, format: 'portable' | 'jsonl'): Promise<Bytes> {
  const { port1, port2 } = new MessageChannel();
  const args = { collection: tab.name, request: { format, port: port2 } };
  const [pieces] = await Promise.all([
    collect(receiveBytes(port1)),
    tab.link.call('export', args, { transfer: [port2] }),
  ]);
  port1.close();
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

async function collect(pieces: AsyncIterable<Bytes>): Promise<Bytes[]> {
  const collected: Bytes[] = [];
  for await (const piece of pieces) collected.push(piece);
  return collected;
}

async function importLines(tab: Tab, items: readonly PlainItem[]): Promise<OperationResult> {
  const lines = items.map(({ number, vectorSeed, meta, fields }) =>
    JSON.stringify({ id: idOf(number), meta, fields, vector: [...vectorOf(number, vectorSeed)] }),
  );
  const { port1, port2 } = new MessageChannel();
  const request = { format: 'jsonl' as const, rows: port2 };
  const { added, skipped, failedCount } = await sent(
    port1,
    new TextEncoder().encode(lines.join('\n')),
    tab.link.call(
      'importVectors',
      { collection: tab.name, model: MODEL, request },
      { transfer: [port2] },
    ),
  );
  return { added, skipped, failedCount };
}

async function restore(tab: Tab, file: Bytes): Promise<OperationResult> {
  const { port1, port2 } = new MessageChannel();
  const { count } = await sent(
    port1,
    file.slice(),
    tab.link.call(
      'importPortable',
      { collection: tab.name, port: port2, replace: true },
      { transfer: [port2] },
    ),
  );
  return { count };
}

/** What `call` resolves to, while it reads the file from the other end of the port. */
async function sent<Result>(
  port: MessagePort,
  file: Bytes,
  call: Promise<Result>,
): Promise<Result> {
  // It may want no more before the end; what that means, the call tells.
  const sending = sendBytes(port, onePiece(file)).catch(() => undefined);
  const result = await call;
  await sending;
  port.close();
  return result;
}

// eslint-disable-next-line @typescript-eslint/require-await -- pieces may come late; this one does not
async function* onePiece(file: Bytes): AsyncGenerator<Bytes> {
  yield file;
}

function idsOf(span: Span): string[] {
  return numbersOf(span).map(idOf);
}

function storedItem({ number, meta, fields, rough, thumbnail, original }: PlainItem): StoredItem {
  return {
    id: idOf(number),
    meta,
    fields,
    rough,
    thumbnail: picture(thumbnail),
    original: picture(original),
  };
}

function picture(content: string | null): Blob | null {
  return content === null ? null : new Blob([content], { type: 'image/webp' });
}
