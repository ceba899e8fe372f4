/** The body of an answer, read into memory that is used again: piece by piece, and never for ever. */
import type { DownloadRules } from './download-rules';
import { pieceReader, type PieceReader } from './piece-reader';
import {
  droppedFailure,
  HostFailure,
  stalledFailure,
  wrongContent,
  wrongSize,
} from './host-failure';

/** What the head of the answer says. */
export interface AnswerHead {
  readonly url: string;
  /** Whether it is the whole file (status 200), not the range that was asked for. */
  readonly isWhole: boolean;
  /** Of the first byte in the file. */
  readonly start: number;
  /** Behind the last byte in the file, as far as the server tells. */
  readonly promisedEnd: number | null;
  /** Behind the last byte that was asked for; null for the whole file. */
  readonly askedEnd: number | null;
  /** Bytes of the whole file, as far as the server tells. */
  readonly total: number | null;
  /** Content-Length: of the body as it travels. */
  readonly length: number | null;
  /** Null where CORS hides it. */
  readonly isCompressed: boolean | null;
  /** A strong one; null where there is none that can be read. */
  readonly etag: string | null;
  /** As it was sent, which CORS always shows; null where there is none. */
  readonly lastModified: string | null;
}

export interface AnswerOptions {
  readonly head: AnswerHead;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** Ends the request. */
  readonly controller: AbortController;
  readonly rules: DownloadRules;
  /** Told of all bytes that come over the network. */
  readonly onReceived: (bytes: number) => void;
}

export class RangeAnswer {
  readonly head: AnswerHead;
  readonly #options: AnswerOptions;
  readonly #reader: PieceReader;
  /** What was read but not yet taken. */
  #rest: Uint8Array = new Uint8Array();
  #position: number;

  constructor(options: AnswerOptions) {
    this.head = options.head;
    this.#options = options;
    this.#reader = pieceReader(options.body);
    this.#position = options.head.start;
  }

  /** Of the next byte in the file. */
  get position(): number {
    return this.#position;
  }

  /** Whether the bytes from `position` to `end` may come out of it. */
  covers(position: number, end: number): boolean {
    const { isWhole, askedEnd } = this.head;
    if (isWhole) return this.#position <= position;
    return this.#position === position && askedEnd !== null && askedEnd >= end;
  }

  /** Drops what lies before `position`. Resolves to false when the answer ends before. */
  async skipTo(position: number): Promise<boolean> {
    while (this.#position < position) {
      if ((await this.#take(position - this.#position)) === null) return false;
    }
    return true;
  }

  /** Fills the start of `target`. Resolves to the number of bytes; 0 when the answer has ended. */
  async readInto(target: Uint8Array): Promise<number> {
    const piece = await this.#take(target.length);
    if (piece === null) return 0;
    target.set(piece);
    return piece.length;
  }

  /** Checks that nothing follows. Rejects with a `HostFailure` otherwise. */
  async expectEnd(): Promise<void> {
    const isOver = await this.#hasEnded();
    this.close();
    if (isOver) return;
    const { url, isWhole } = this.head;
    const end = this.#position;
    if (isWhole) throw wrongSize(url, `more than ${end}`, end);
    throw wrongContent(
      url,
      'sent more than the range that was asked for',
      `its end at byte ${end}`,
    );
  }

  /** Ends the request, if it still runs. */
  close(): void {
    this.#rest = new Uint8Array();
    this.#options.controller.abort();
  }

  async #take(most: number): Promise<Uint8Array | null> {
    if (this.#rest.length === 0) {
      const piece = await this.#read(this.#options.rules.stallMs);
      if (piece === null) return null;
      this.#rest = piece;
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    this.#position += taken.length;
    return taken;
  }

  async #hasEnded(): Promise<boolean> {
    try {
      return this.#rest.length === 0 && (await this.#read(this.#options.rules.endMs)) === null;
    } catch {
      // All that was asked for is here: how the connection ends is of no interest.
      return true;
    }
  }

  /** The next bytes, never none; null at the end. */
  async #read(patienceMs: number): Promise<Uint8Array | null> {
    const { controller, onReceived } = this.#options;
    const { url } = this.head;
    const timer = setTimeout(() => {
      controller.abort(stalledFailure(url, patienceMs));
    }, patienceMs);
    try {
      for (;;) {
        const piece = await this.#reader();
        if (piece === null) return null;
        onReceived(piece.length);
        if (piece.length > 0) return piece;
      }
    } catch (thrown) {
      throw thrown instanceof HostFailure ? thrown : droppedFailure(url, thrown);
    } finally {
      clearTimeout(timer);
    }
  }
}
