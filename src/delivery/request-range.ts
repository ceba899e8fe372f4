/** One request for a piece of a file, and what its answer turns out to be. */
import { parseContentRange, wholeNumber } from './content-range';
import type { DownloadRules } from './download-rules';
import { droppedFailure, HostFailure, stalledFailure, wrongContent } from './host-failure';
import { RangeAnswer, type AnswerHead } from './range-answer';
import { retryAfterMs } from './retry-after';

export interface RangeRequest {
  readonly url: string;
  /** What to say of a page in the file's place: "is an HTML page, expected a model file". */
  readonly onPage: string;
  /** First byte. */
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
  /** Asks for the whole file instead. */
  readonly isWhole: boolean;
  /** Asks for the whole file where its ETag is not this one any more; null not to ask so. */
  readonly ifRange: string | null;
  /**
   * `reload` after bytes that were wrong: a good copy replaces the one in the browser's own cache.
   * `no-cache` asks whether the one in there is still good.
   */
  readonly cache: 'no-store' | 'reload' | 'no-cache';
  /** Ends the request and its answer. */
  readonly signal: AbortSignal;
  readonly rules: DownloadRules;
  readonly onReceived: (bytes: number) => void;
}

/** There are no bytes at `start`: status 416. */
export interface NoSuchRange {
  readonly url: string;
  /** Bytes of the whole file, as far as the server tells. */
  readonly total: number | null;
}

/** Statuses that may be others a little later. */
const PASSING = new Set([408, 425, 429]);

/** Rejects with a `HostFailure` when the host has no answer, or something else than the file. */
export async function requestRange(request: RangeRequest): Promise<RangeAnswer | NoSuchRange> {
  return exchange(request, partOf(request));
}

async function exchange(
  request: RangeRequest,
  headers: Headers,
): Promise<RangeAnswer | NoSuchRange> {
  const controller = new AbortController();
  const response = await answerOf(request, headers, controller);
  try {
    const { url } = request;
    if (response.status === 416) {
      controller.abort();
      return {
        url,
        total: parseContentRange(response.headers.get('content-range'))?.total ?? null,
      };
    }
    refuseOther(response, request);
    if (response.status === 206 && isEncoded(response)) {
      // A piece of a compressed file decodes to nothing of use, but the whole does.
      controller.abort();
      if (headers.has('range')) return await exchange(request, new Headers());
      throw wrongContent(url, 'is a part of a compressed file', 'all of it');
    }
    const head = readHead(response, request);
    const { rules, onReceived } = request;
    return new RangeAnswer({ head, body: response.body, controller, rules, onReceived });
  } catch (thrown) {
    controller.abort();
    throw thrown;
  }
}

function partOf({ start, end, isWhole, ifRange }: RangeRequest): Headers {
  if (isWhole) return new Headers();
  const headers = new Headers({ range: `bytes=${start}-${end - 1}` });
  if (ifRange !== null) headers.set('if-range', ifRange);
  return headers;
}

async function answerOf(
  { url, cache, signal, rules }: RangeRequest,
  headers: Headers,
  controller: AbortController,
): Promise<Response> {
  const timer = setTimeout(() => {
    controller.abort(stalledFailure(url, rules.stallMs));
  }, rules.stallMs);
  try {
    return await fetch(url, {
      headers,
      cache,
      signal: AbortSignal.any([signal, controller.signal]),
    });
  } catch (thrown) {
    throw thrown instanceof HostFailure ? thrown : droppedFailure(url, thrown, true);
  } finally {
    clearTimeout(timer);
  }
}

function refuseOther({ status, headers }: Response, { url, isWhole, onPage }: RangeRequest): void {
  if (status !== 200 && status !== 206) {
    const isPassing = PASSING.has(status) || status >= 500;
    const wait = isPassing ? retryAfterMs(headers.get('retry-after'), Date.now()) : null;
    const when = wait === null ? 'later' : `in ${Math.ceil(wait / 1000)} s, as it asks`;
    throw new HostFailure({
      code: 'network',
      message:
        `${url} could not be fetched: the server answered ${status}, ` +
        `expected ${isWhole ? '200' : '200 or 206'}. ` +
        (isPassing ? `Try again ${when}.` : "Is the model's folder served there, for everyone?"),
      again: isPassing ? wait : 'never',
      isMissing: status === 404 || status === 410,
    });
  }
  // A development server answers with its start page, status 200, for files that are not there.
  if (/^\s*text\/html\b/i.test(headers.get('content-type') ?? '')) {
    const message = `${url} ${onPage}. Is the model's folder served there?`;
    throw new HostFailure({ code: 'integrity', message, again: 'never', isMissing: true });
  }
}

function readHead(response: Response, { url, start, end }: RangeRequest): AnswerHead {
  const { headers } = response;
  const length = wholeNumber(headers.get('content-length'));
  const isCompressed = isEncoded(response) || (response.type === 'basic' ? false : null);
  const etag = strongTag(headers.get('etag'));
  const common = { url, length, isCompressed, etag, lastModified: headers.get('last-modified') };
  if (response.status === 200) {
    // The length of a compressed body says nothing of the file.
    const total = isCompressed === false ? length : null;
    return { ...common, isWhole: true, start: 0, promisedEnd: total, askedEnd: null, total };
  }
  const range = parseContentRange(headers.get('content-range'));
  if (range !== null && range.start !== start) {
    const got = `answered with bytes from ${String(range.start)} on`;
    throw wrongContent(url, got, `the bytes from ${start} on that were asked for`);
  }
  return {
    ...common,
    isWhole: false,
    start,
    promisedEnd: range?.end ?? (length === null ? null : start + length),
    askedEnd: end,
    total: range?.total ?? null,
  };
}

/** Of other origins it is seen only if they expose the header. */
function isEncoded({ headers }: Response): boolean {
  return (headers.get('content-encoding') ?? 'identity') !== 'identity';
}

/** Weak ones compare meaning, not bytes. */
function strongTag(header: string | null): string | null {
  return header?.startsWith('"') === true ? header : null;
}
