/** What goes wrong between us and a host, and whether asking it again may help. */
import { PhotoglotError, type PhotoglotErrorCode } from '../errors';

export interface HostFailureOptions {
  readonly code: PhotoglotErrorCode;
  readonly message: string;
  /** Milliseconds that the server asks to wait, null for as long as we like; `never` to ask elsewhere. */
  readonly again: number | null | 'never';
  /** There was not even a status. @default false */
  readonly isSilent?: boolean;
  /** The host answers, but has no such file: not found, or a page in its place. @default false */
  readonly isMissing?: boolean;
  readonly cause?: unknown;
}

/** Handled where files are fetched; what the caller sees is the last one, when no host is left. */
export class HostFailure extends PhotoglotError {
  readonly again: number | null | 'never';
  readonly isSilent: boolean;
  readonly isMissing: boolean;

  constructor(options: HostFailureOptions) {
    const { code, message, again, isSilent = false, isMissing = false, cause } = options;
    super(code, message, { cause });
    this.again = again;
    this.isSilent = isSilent;
    this.isMissing = isMissing;
  }
}

/** A host's last failure of so many in a row, for its reader. */
export function lastFailure(failure: HostFailure, attempts: number, advice: string): HostFailure {
  if (attempts === 1) return failure;
  const { code, again, isMissing } = failure;
  const message = `${failure.message} It failed ${attempts} times in a row. ${advice}`;
  return new HostFailure({ code, message, again, isMissing, cause: failure });
}

/** The exchange broke off; with `isSilent`, before there was an answer. */
export function droppedFailure(url: string, cause: unknown, isSilent = false): HostFailure {
  const message = `${url} could not be fetched: offline, blocked, or the connection broke.`;
  return new HostFailure({ code: 'network', message, again: null, isSilent, cause });
}

export function stalledFailure(url: string, ms: number): HostFailure {
  const message = `${url} could not be fetched: the server sent nothing for ${ms / 1000} s.`;
  return new HostFailure({ code: 'network', message, again: null });
}

/** The answer ended early, but without an error. */
export function truncatedFailure(url: string, got: number, expected: number | null): HostFailure {
  const wanted = expected === null ? 'more' : String(expected);
  const message = `${url} ended after ${got} bytes, expected ${wanted}.`;
  return new HostFailure({ code: 'integrity', message, again: null });
}

/** The host has something else than the file; asking it again would bring the same. */
export function wrongContent(url: string, got: string, expected: string): HostFailure {
  const message =
    `${url} ${got}, expected ${expected}. Check with "npx photoglot verify" what the server ` +
    'answers to a client.';
  return new HostFailure({ code: 'integrity', message, again: 'never' });
}

/** The file has another size than it should. */
export function wrongSize(url: string, got: number | string, expected: number): HostFailure {
  const message = `${url} has ${got} bytes, expected ${expected}. Upload the model's files again, as they are.`;
  return new HostFailure({ code: 'integrity', message, again: 'never' });
}
