/**
 * Reads Parquet in a worker of its own, which can be ended: a file that is damaged in a certain way keeps the
 * library busy for ever, and nothing else can stop it.
 */
import { inTime } from '../core/in-time';
import { untilAborted } from '../core/until-aborted';
import { PhotoglotError, toPhotoglotError } from '../errors';
import { decodeError } from '../protocol/error-codec';
import { beforeEnd, threadGone } from '../protocol/own-workers';
import { ask } from '../protocol/question-channel';
import { importInvalid } from './import-error';
import type { ParquetRows } from './read-parquet';
import type { ParquetHead, ParquetQuestion, ParquetReaderStart, SentRow } from './serve-parquet';
import { spawnParquetWorker } from './spawn-parquet-worker';
import type { ParsedRow } from './vector-row';

/** A row group of the largest size that is read takes some seconds on a slow phone. */
const PATIENCE_MS = 60_000;
const LATE = Symbol('late');

export interface ParquetReaderOptions {
  /** @default the SDK's own worker */
  readonly spawn?: () => Worker;
  /** Milliseconds for the next rows, or the first. @default a minute */
  readonly patienceMs?: number;
}

/** To be ended. */
export interface ParquetRowsApart extends ParquetRows {
  /** Of no effect the second time. */
  readonly end: () => void;
}

/**
 * Opens the file; nothing is left to be ended when that fails. Throws as `readParquet` does,
 * so do its rows: with `import-invalid`, too, for a file that keeps the worker busy, with `aborted`, and
 * with `worker-crashed` when the worker ends by itself.
 */
export async function readParquetApart(
  file: Blob,
  dimension: number,
  signal: AbortSignal,
  { spawn = spawnParquetWorker, patienceMs = PATIENCE_MS }: ParquetReaderOptions = {},
): Promise<ParquetRowsApart> {
  const reader = new ParquetReader(spawn(), { file, dimension }, { signal, patienceMs });
  try {
    const head = await reader.ask<ParquetHead>('open');
    return {
      ...head,
      rows: rowsOf(reader),
      end: () => {
        reader.end();
      },
    };
  } catch (thrown) {
    reader.end();
    throw thrown;
  }
}

async function* rowsOf(reader: ParquetReader): AsyncGenerator<ParsedRow, void> {
  for (;;) {
    const block = await reader.ask<readonly SentRow[]>('next');
    if (block.length === 0) return;
    for (const row of block) yield row.ok ? row : received(row);
  }
}

function received(row: Extract<SentRow, { readonly ok: false }>): ParsedRow {
  return { ...row, error: toPhotoglotError(decodeError(row.error), 'invalid-input') };
}

class ParquetReader {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #limits: { readonly signal: AbortSignal; readonly patienceMs: number };
  readonly #crashed: Promise<never>;
  readonly #forget: () => void;

  constructor(
    worker: Worker,
    task: Omit<ParquetReaderStart, 'port'>,
    limits: { readonly signal: AbortSignal; readonly patienceMs: number },
  ) {
    const { port1, port2 } = new MessageChannel();
    this.#worker = worker;
    this.#port = port1;
    this.#limits = limits;
    this.#crashed = new Promise((_, reject) => {
      worker.onerror = (event) => {
        // It would be an error of this worker otherwise.
        event.preventDefault();
        const { message = '' } = event as Partial<ErrorEvent>;
        reject(
          new PhotoglotError('worker-crashed', `The worker that reads Parquet ended. ${message}`),
        );
      };
    });
    // Nobody may be asking.
    this.#crashed.catch(() => undefined);
    this.#forget = beforeEnd(() => {
      this.end();
      return threadGone();
    });
    const start: ParquetReaderStart = { ...task, port: port2 };
    worker.postMessage(start, [port2]);
  }

  async ask<Answer>(question: ParquetQuestion): Promise<Answer> {
    const { signal, patienceMs } = this.#limits;
    const asked = ask<ParquetQuestion, Answer>(this.#port, question);
    const answered = untilAborted(Promise.race([asked, this.#crashed]), signal);
    const answer = await inTime<Answer, typeof LATE>(patienceMs, answered, LATE);
    if (answer !== LATE) return answer;
    throw importInvalid(
      `The Parquet file kept its reader busy for ${patienceMs / 1000} seconds without giving a row: it is ` +
        'damaged, or its row groups are too large for this device.',
    );
  }

  end(): void {
    this.#worker.terminate();
    this.#port.close();
    this.#forget();
  }
}
