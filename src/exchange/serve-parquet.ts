/** A Parquet file as a worker of its own reads it out: block by block, as it is asked. */
import { encodeError, type EncodedError } from '../protocol/error-codec';
import { answerQuestions } from '../protocol/question-channel';
import { readParquet } from './read-parquet';
import type { ParsedRow } from './vector-row';

export interface ParquetReaderStart {
  readonly file: Blob;
  readonly dimension: number;
  /** Asks a {@link ParquetQuestion} at a time. */
  readonly port: MessagePort;
}

/** First `open`, answered by a {@link ParquetHead}; then `next`, by some rows, and by none at the end. */
export type ParquetQuestion = 'open' | 'next';

export interface ParquetHead {
  /** Rows. */
  readonly total: number;
  /** What the file says of its model; null if it says nothing. */
  readonly model: string | null;
}

/** A {@link ParsedRow} as plain data. */
export type SentRow =
  | Extract<ParsedRow, { readonly ok: true }>
  | {
      readonly row: number;
      readonly ok: false;
      readonly id: string | null;
      readonly error: EncodedError;
    };

/** Rows of an answer: 4 MB of vectors at 1,024 numbers. */
const BLOCK_ROWS = 1024;

export function serveParquet({ file, dimension, port }: ParquetReaderStart): void {
  let rows: AsyncGenerator<ParsedRow, void> | null = null;
  // What ended a block: the rows before it are as good as any.
  let failure: { readonly thrown: unknown } | null = null;
  const nextBlock = async (): Promise<readonly SentRow[]> => {
    const block: SentRow[] = [];
    try {
      if (failure !== null) throw failure.thrown;
      while (rows !== null && block.length < BLOCK_ROWS) {
        const next = await rows.next();
        if (next.done === true) break;
        block.push(sent(next.value));
      }
    } catch (thrown) {
      if (block.length === 0) throw thrown;
      failure = { thrown };
    }
    return block;
  };
  answerQuestions(
    port,
    async (question: ParquetQuestion): Promise<ParquetHead | readonly SentRow[]> => {
      if (question === 'next') return nextBlock();
      const opened = await readParquet(file, dimension);
      rows = opened.rows;
      return { total: opened.total, model: opened.model };
    },
  );
}

function sent(row: ParsedRow): SentRow {
  return row.ok ? row : { ...row, error: encodeError(row.error) };
}
