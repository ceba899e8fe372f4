/** `Collection.importVectors`: the files go to the store's worker piece by piece. */
import { PhotoglotError } from '../errors';
import { sendBytes } from '../protocol/byte-channel';
import type { VectorImportReport, VectorImportRequest } from '../protocol/store-contract';
import type { AddContext } from './add-context';
import type { ImportVectorsOptions, VectorFiles } from './api';
import { openBytes, type ByteInput, type BytesInput } from './byte-source';

export async function importVectors(
  { store, collection, encoders }: AddContext,
  files: VectorFiles,
  { model, signal, onProgress }: ImportVectorsOptions,
): Promise<VectorImportReport> {
  if (model !== encoders.model) {
    throw new PhotoglotError(
      'model-mismatch',
      `The vectors are said to be of "${model}"; those of the collection "${collection}" are of ` +
        `"${encoders.model}". Vectors of two models cannot be compared.`,
    );
  }
  const senders = new Senders();
  try {
    const args = { collection, model, request: requestOf(files, senders) };
    const transfer = senders.remotePorts;
    return await store.call('importVectors', args, { signal, onProgress, transfer });
  } finally {
    senders.end();
  }
}

function requestOf(files: VectorFiles, senders: Senders): VectorImportRequest {
  switch (files.format) {
    case 'jsonl':
      return { format: 'jsonl', rows: senders.add(files.rows, 'The file of rows') };
    case 'npy': {
      const vectors = senders.add(files.vectors, 'The file of vectors');
      const { items } = files;
      return {
        format: 'npy',
        vectors,
        items: items === undefined ? null : senders.add(items, 'The file of items'),
      };
    }
    case 'parquet':
      if (files.file instanceof Blob) return { format: 'parquet', file: files.file };
      throw new PhotoglotError(
        'invalid-input',
        'A Parquet file must be a Blob: what it holds is said at its end.',
      );
    default:
      files satisfies never;
      throw new PhotoglotError('invalid-input', 'The format must be jsonl, npy or parquet.');
  }
}

/** Files on their way to the worker. */
class Senders {
  readonly #open: { readonly port: MessagePort; readonly input: ByteInput }[] = [];
  readonly remotePorts: MessagePort[] = [];

  /** The port for the other side. */
  add(file: BytesInput, what: string): MessagePort {
    const input = openBytes(file, what);
    const { port1, port2 } = new MessageChannel();
    this.#open.push({ port: port1, input });
    this.remotePorts.push(port2);
    // Its failure goes through the port, and comes back as that of the call.
    sendBytes(port1, input.pieces).catch(() => undefined);
    return port2;
  }

  end(): void {
    for (const { port, input } of this.#open) {
      port.close();
      input.cancel();
    }
  }
}
