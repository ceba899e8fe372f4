/** What is known of a file's content, and what the answers of servers add to that or deny. */
import type { Validator } from './file-shelf';
import type { FileSource } from './file-source';
import { truncatedFailure, wrongContent, wrongSize } from './host-failure';
import type { AnswerHead, RangeAnswer } from './range-answer';
import type { NoSuchRange } from './request-range';

export interface FileFacts {
  /** Bytes; null until somebody tells. */
  readonly size: number | null;
  /** Where the last bytes came from, and what that host tells of their version. */
  readonly validator: Validator | null;
}

/** Thrown when the bytes that are there are not of the file that is served now. */
export class FileChanged extends Error {}

/** Whether nothing tells, in the end, that the bytes belong together. */
export function provesNothing({ sha256, chunks }: FileSource): boolean {
  return sha256 === null && chunks === null;
}

/**
 * What is known after the head of an answer, with `position` bytes there. Throws a `HostFailure`
 * when the host has something else, `FileChanged` when it has something new. See
 * {@link vouches} for whether it has the same.
 */
export function learnHead(
  { head }: RangeAnswer,
  { size, validator }: FileFacts,
  source: FileSource,
  position: number,
): FileFacts {
  const { url, total } = head;
  if (total !== null && size !== null && total !== size) {
    if (source.size !== null) throw wrongSize(url, total, size);
    if (position > 0) throw new FileChanged();
  }
  if (total !== null && total < position) throw new FileChanged();
  const known = validator?.url === url && position > 0 ? validator : null;
  // Where every chunk has its digest, other bytes are found out by that, and equal ones are fine.
  const isJudged = source.chunks === null && known !== null;
  if (isJudged && isSameVersion(head, known, source) === false) throw new FileChanged();
  return { size: total ?? size, validator: validatorOf(head, known) };
}

/** Whether the answer tells that the host has what is known of it, where nothing else proves that. */
export function vouches(
  { head }: RangeAnswer,
  { validator }: FileFacts,
  source: FileSource,
): boolean {
  return validator?.url === head.url && isSameVersion(head, validator, source) === true;
}

/** Null where nothing tells. */
function isSameVersion(head: AnswerHead, known: Validator, source: FileSource): boolean | null {
  if (known.etag !== '' && head.etag !== null) return known.etag === head.etag;
  // It also changes when the same file is uploaded again: a digest, at the end, judges better.
  if (!provesNothing(source)) return null;
  const { lastModified = null } = known;
  if (lastModified === null || head.lastModified === null) return null;
  return lastModified === head.lastModified;
}

function validatorOf(head: AnswerHead, known: Validator | null): Validator {
  const etag = head.etag ?? known?.etag ?? '';
  const lastModified = head.lastModified ?? known?.lastModified;
  return { url: head.url, etag, ...(lastModified !== undefined && { lastModified }) };
}

/** The same after status 416: the file ends before `position`, or there. */
export function learnNoRange(
  { url, total }: NoSuchRange,
  facts: FileFacts,
  source: FileSource,
  position: number,
): FileFacts {
  if (source.size !== null) throw wrongSize(url, total ?? `at most ${position}`, source.size);
  if (position === 0) throw wrongContent(url, 'is empty', 'a model file');
  if (facts.size !== null || (total ?? position) !== position) throw new FileChanged();
  return { ...facts, size: position };
}

/** The same after the end of an answer that lacks the bytes at `position`. */
export function learnEnd(answer: RangeAnswer, facts: FileFacts, position: number): FileFacts {
  const { url, isWhole, start, promisedEnd } = answer.head;
  const { size } = facts;
  if (size === null && isWhole) {
    if (position === 0) throw wrongContent(url, 'is empty', 'a model file');
    if (answer.position < position) throw new FileChanged();
    return { ...facts, size: position };
  }
  // A server may send less than it was asked for. The next request brings more, or shows the end.
  const isAsPromised = promisedEnd === answer.position || (size === null && promisedEnd === null);
  if (!isWhole && isAsPromised && answer.position > start) return facts;
  throw truncatedFailure(url, answer.position, size);
}
