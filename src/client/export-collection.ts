/** `Collection.export` and its like: files that the store's worker writes, as streams. */
import type { StoreContract } from '../protocol/store-contract';
import type { ExportOptions, NpyFiles } from './api';
import { exportStreams } from './export-stream';
import type { WorkerLink } from './worker-link';

/** What is exported. */
export interface ExportSubject {
  readonly store: WorkerLink<StoreContract>;
  readonly collection: string;
}

/** One file, in one of the formats that need no more. */
export function exportFile(
  {
    store,
    collection,
    format,
  }: ExportSubject & { readonly format: 'portable' | 'jsonl' | 'parquet' },
  { signal, onProgress }: ExportOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { port1, port2 } = new MessageChannel();
  const send = (running: AbortSignal): Promise<void> => {
    const args = { collection, request: { format, port: port2 } };
    return store.call('export', args, { signal: running, onProgress, transfer: [port2] });
  };
  const [stream] = exportStreams([port1] as const, send, signal);
  return stream;
}

/** The vectors as NPY and the items as JSON Lines, of one and the same moment. */
export function exportNpy(
  { store, collection }: ExportSubject,
  { signal, onProgress }: ExportOptions,
): NpyFiles {
  const [vectorChannel, itemChannel] = [new MessageChannel(), new MessageChannel()];
  const ports = { vectors: vectorChannel.port2, items: itemChannel.port2 };
  const send = (running: AbortSignal): Promise<void> => {
    const args = { collection, request: { format: 'npy', ...ports } } as const;
    const transfer = Object.values(ports);
    return store.call('export', args, { signal: running, onProgress, transfer });
  };
  const [vectors, items] = exportStreams(
    [vectorChannel.port1, itemChannel.port1] as const,
    send,
    signal,
  );
  return { vectors, items };
}
