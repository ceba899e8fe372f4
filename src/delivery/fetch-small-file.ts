/**
 * A small file in one piece, from one host: asked for again while that may help, never waited for
 * for ever, and never more of it than fits in memory.
 */
import { abortedError } from '../core/until-aborted';
import type { DownloadRules } from './download-rules';
import { HostFailure, lastFailure, truncatedFailure, wrongContent } from './host-failure';
import type { RangeAnswer } from './range-answer';
import { requestRange, type RangeRequest } from './request-range';
import { RetryPolicy } from './retry-policy';
import { waitToRetry } from './wait-to-retry';

/** Nothing that is read so is as large; what is, is something else. Bytes; a power of two. */
const TOO_MANY_BYTES = 16 * 2 ** 20;
const FIRST_BYTES = 64 * 2 ** 10;
const ADVICE = 'Check the connection and the server, and try again.';

export interface SmallFileRequest extends Pick<RangeRequest, 'url' | 'onPage' | 'signal'> {
  readonly rules: DownloadRules;
}

/** Rejects with a `HostFailure` when the host has to be given up, with `aborted` by the signal. */
export async function fetchSmallFile(request: SmallFileRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, rules } = request;
  const retries = new RetryPolicy(rules);
  for (;;) {
    try {
      return await attempt(request);
    } catch (thrown) {
      if (signal.aborted) throw abortedError(signal);
      if (!(thrown instanceof HostFailure)) throw thrown;
      const delay = retries.failed(thrown);
      if (delay === null) throw lastFailure(thrown, retries.failures, ADVICE);
      await waitToRetry(delay, signal);
    }
  }
}

async function attempt(request: SmallFileRequest): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await requestRange({
    ...request,
    start: 0,
    end: TOO_MANY_BYTES,
    isWhole: true,
    ifRange: null,
    // So that a new version is noticed; an old one costs no more than the question.
    cache: 'no-cache',
    onReceived: () => undefined,
  });
  if (!('head' in answer)) throw partFailure(request.url);
  try {
    if (!answer.head.isWhole) throw partFailure(request.url);
    return await readAll(answer);
  } finally {
    answer.close();
  }
}

async function readAll(answer: RangeAnswer): Promise<Uint8Array<ArrayBuffer>> {
  const { url, length, promisedEnd } = answer.head;
  if ((length ?? 0) >= TOO_MANY_BYTES) throw sizeFailure(url);
  let memory = new Uint8Array(FIRST_BYTES);
  let size = 0;
  for (;;) {
    const count = await answer.readInto(memory.subarray(size));
    if (count === 0) break;
    size += count;
    if (size < memory.length) continue;
    if (size >= TOO_MANY_BYTES) throw sizeFailure(url);
    const larger = new Uint8Array(size * 2);
    larger.set(memory);
    memory = larger;
  }
  if (promisedEnd !== null && size < promisedEnd) throw truncatedFailure(url, size, promisedEnd);
  return memory.slice(0, size);
}

/** To a request for all of it. */
function partFailure(url: string): HostFailure {
  return wrongContent(url, 'was answered with a part', 'all of it');
}

function sizeFailure(url: string): HostFailure {
  const least = `${TOO_MANY_BYTES / 2 ** 20} MiB`;
  return wrongContent(url, `has ${least} or more`, 'a small file');
}
