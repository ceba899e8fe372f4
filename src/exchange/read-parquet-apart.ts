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
  /** Milliseconds that the worker may take for an answer: to open the file, or for the next rows. @default a minute */
  readonly patienceMs?: number;
}

/** To be ended. */
export interface ParquetRowsApart extends ParquetRows {
  /** Of no effect the second time. */
  readonly end: () => void;
}

/**
 * Opens the file; nothing is left to be ended when that fails. Where no worker can be had, it is read here. Throws
 * as `readParquet` does, so do its rows: with `import-invalid`, too, for a file that keeps the worker busy,
 * with `aborted`, and with `worker-crashed` when the worker reports a failure of its own.
 */
export async function readParquetApart(
  file: Blob,
  dimension: number,
  signal: AbortSignal,
  { spawn = spawnParquetWorker, patienceMs = PATIENCE_MS }: ParquetReaderOptions = {},
): Promise<ParquetRowsApart> {
  let worker: Worker;
  try {
    worker = spawn();
  } catch {
    // A policy that forbids it, or a browser without workers of workers.
    const { readParquet } = await import('./read-parquet');
    return { ...(await readParquet(file, dimension)), end: () => undefined };
  }
  const reader = new ParquetReader(worker, { signal, patienceMs });
  const end = (): void => void reader.end();
  try {
    const head = await reader.open(file, dimension);
    return { ...head, rows: rowsOf(reader), end };
  } catch (thrown) {
    end();
    throw thrown;
  }
}

async function* rowsOf(reader: ParquetReader): AsyncGenerator<ParsedRow, void> {
  for (;;) {
    const block = await reader.next();
    if (block.length === 0) return;
    for (const row of block) yield row.ok ? row : received(row);
  }
}

function received(row: Extract<SentRow, { readonly ok: false }>): ParsedRow {
  return { ...row, error: toPhotoglotError(decodeError(row.error), 'invalid-input') };
}

class ParquetReader {
  readonly #worker: Worker;
  readonly #channel = new MessageChannel();
  readonly #limits: { readonly signal: AbortSignal; readonly patienceMs: number };
  readonly #crashed: Promise<never>;
  readonly #forget: () => void;
  #gone: Promise<void> | null = null;

  constructor(
    worker: Worker,
    limits: { readonly signal: AbortSignal; readonly patienceMs: number },
  ) {
    this.#worker = worker;
    this.#limits = limits;
    this.#crashed = new Promise((_, reject) => {
      const crash = (event: Event): void => {
        // It would be an error of this worker otherwise.
        event.preventDefault();
        const { message = '' } = event as Partial<ErrorEvent>;
        reject(
          new PhotoglotError('worker-crashed', `The worker that reads Parquet failed. ${message}`),
        );
      };
      worker.onerror = crash;
      this.#channel.port1.onmessageerror = crash;
    });
    // Nobody may be asking.
    this.#crashed.catch(() => undefined);
    this.#forget = beforeEnd(() => this.end());
  }

  open(file: Blob, dimension: number): Promise<ParquetHead> {
    const { port2 } = this.#channel;
    const start: ParquetReaderStart = { file, dimension, port: port2 };
    this.#worker.postMessage(start, [port2]);
    return this.#ask<ParquetHead>('open');
  }

  /** None at the end. */
  next(): Promise<readonly SentRow[]> {
    return this.#ask<readonly SentRow[]>('next');
  }

  /** Resolves when the worker is gone. */
  end(): Promise<void> {
    if (this.#gone !== null) return this.#gone;
    this.#worker.terminate();
    this.#channel.port1.close();
    this.#gone = threadGone();
    void this.#gone.then(this.#forget);
    return this.#gone;
  }

  async #ask<Answer>(question: ParquetQuestion): Promise<Answer> {
    const { signal, patienceMs } = this.#limits;
    const asked = ask<ParquetQuestion, Answer>(this.#channel.port1, question);
    const answered = untilAborted(Promise.race([asked, this.#crashed]), signal);
    const answer = await inTime<Answer, typeof LATE>(patienceMs, answered, LATE);
    if (answer !== LATE) return answer;
    throw importInvalid(
      `The reader of the Parquet file did not answer for ${patienceMs / 1000} seconds: the file is damaged, ` +
        'or too large for this device.',
    );
  }
}
