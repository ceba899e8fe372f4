/** Vectors made elsewhere, in one of three formats, into a collection. */
import { PhotoglotError } from '../errors';
import { receiveBytes } from '../protocol/byte-channel';
import type {
  RowProgress,
  VectorImportReport,
  VectorImportRequest,
} from '../protocol/store-contract';
import { abortable } from './abortable';
import { addRows, type RowTable } from './add-rows';
import { readJsonl } from './read-jsonl';
import { readNpy } from './read-npy';
import { readParquetApart } from './read-parquet-apart';
import type { ParsedRow } from './vector-row';

export interface VectorImport {
  readonly request: VectorImportRequest;
  /** `id@version` and dimension of the collection. */
  readonly collection: { readonly model: string; readonly dimension: number };
  readonly table: RowTable;
  readonly progress: (progress: RowProgress) => void;
  readonly signal: AbortSignal;
}

interface OpenRows {
  readonly total: number | null;
  readonly rows: AsyncIterable<ParsedRow>;
  /** What the file says of its model, if it does. */
  readonly model?: string | null;
  /** To be called when the rows are of no more use. */
  readonly end?: () => void;
}

/** Closes the ports. */
export async function importVectors(task: VectorImport): Promise<VectorImportReport> {
  const { model } = task.collection;
  let opened: OpenRows | null = null;
  try {
    opened = await openRows(task);
    const { total, rows, model: found = null } = opened;
    if (found !== null && found !== model) throw otherModel(found, model);
    return await addRows({ ...task, total, rows });
  } finally {
    opened?.end?.();
    for (const port of portsOf(task.request)) port.close();
  }
}

async function openRows({ request, collection, signal }: VectorImport): Promise<OpenRows> {
  const { dimension } = collection;
  const received = (port: MessagePort) => abortable(receiveBytes(port), signal);
  switch (request.format) {
    case 'jsonl':
      return { total: null, rows: readJsonl(received(request.rows), dimension) };
    case 'npy': {
      const items = request.items === null ? null : received(request.items);
      return readNpy({ vectors: received(request.vectors), items }, dimension);
    }
    case 'parquet':
      return readParquetApart(request.file, dimension, signal);
    default:
      return request satisfies never;
  }
}

function portsOf(request: VectorImportRequest): readonly MessagePort[] {
  if (request.format === 'jsonl') return [request.rows];
  if (request.format === 'parquet') return [];
  return request.items === null ? [request.vectors] : [request.vectors, request.items];
}

function otherModel(found: string, expected: string): PhotoglotError {
  return new PhotoglotError(
    'model-mismatch',
    `The file says that its vectors are of ${found}; those of the collection are of ${expected}.`,
  );
}
