/** A collection as one or several files, through ports. */
import { untilAborted } from '../core/until-aborted';
import { sendBytes } from '../protocol/byte-channel';
import type { ExportRequest, RowProgress } from '../protocol/store-contract';
import type { RowBlock, RowSource } from './row-source';
import { writeItemLines, writeRowLines } from './write-jsonl';
import { writeNpy } from './write-npy';
import { writePortable } from './write-portable';

/** What is sent, and where to. */
export interface ExportTask {
  readonly source: RowSource;
  readonly request: ExportRequest;
  readonly signal: AbortSignal;
  readonly progress: (progress: RowProgress) => void;
}

type Pieces = AsyncIterable<Uint8Array<ArrayBuffer>>;

/** Resolves when the receivers have all, or want no more. Closes the ports. */
export async function sendExport(task: ExportTask): Promise<void> {
  const files = filesOf(task);
  try {
    const sending = Promise.all([...files].map(([port, pieces]) => sendBytes(port, pieces)));
    await untilAborted(sending, task.signal);
  } finally {
    for (const port of files.keys()) port.close();
  }
}

function filesOf({ source, request, progress }: ExportTask): ReadonlyMap<MessagePort, Pieces> {
  const counted = withProgress(source, progress);
  switch (request.format) {
    case 'portable':
      return new Map([[request.port, writePortable(counted)]]);
    case 'jsonl':
      return new Map([[request.port, writeRowLines(counted)]]);
    case 'parquet':
      return new Map([[request.port, writeParquetLater(counted)]]);
    case 'npy':
      // Progress is that of the vectors, which are nearly all of it.
      return new Map<MessagePort, Pieces>([
        [request.vectors, writeNpy(counted)],
        [request.items, writeItemLines(source)],
      ]);
    default:
      return request satisfies never;
  }
}

/** The library for Parquet is loaded by those who need it. */
async function* writeParquetLater(
  source: RowSource,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const { writeParquet } = await import('./write-parquet');
  yield* writeParquet(source);
}

function withProgress(source: RowSource, progress: (progress: RowProgress) => void): RowSource {
  const { name, model, dimension, count: total } = source;
  return {
    name,
    model,
    dimension,
    count: total,
    pictures: (ids) => source.pictures(ids),
    async *blocks(): AsyncGenerator<RowBlock, void> {
      let done = 0;
      for await (const block of source.blocks()) {
        yield block;
        // Now that it was taken.
        done += block.items.length;
        progress({ done, total });
      }
    },
  };
}
