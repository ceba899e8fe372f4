/** Failures in plain words: what happened, and what to do about it. */
import { PhotoglotError, type PhotoglotErrorCode } from 'photoglot';

/** A failure that stops the page from doing its job. */
export interface Problem {
  readonly code: PhotoglotErrorCode;
  readonly title: string;
  readonly advice: string;
}

type Words = readonly [title: string, advice: string];

const MODEL_MISSING: Words = [
  'The model is not where it should be',
  'This copy of Photoglot lacks the files of its model, or they are too old or too new for it.',
];

const PROBLEMS: Partial<Record<PhotoglotErrorCode, Words>> = {
  network: [
    'The model could not be downloaded',
    'It is fetched once and kept afterwards. Check your connection, then try again.',
  ],
  integrity: [
    'The model arrived damaged',
    'A file is not what its maker published, so it was not used. Try again in a moment.',
  ],
  'quota-exceeded': [
    'No storage space is left',
    'Free some disk space or remove a few photos here, then try again.',
  ],
  storage: [
    'The browser does not let this page keep anything',
    'A private window or blocked site data can cause this. Allow storage for this page, then try again.',
  ],
  'storage-version': [
    'A newer Photoglot has been here',
    'Close the other tabs of Photoglot and reload this one.',
  ],
  'model-mismatch': [
    'These photos were indexed with another model',
    'Vectors of two models cannot be compared. Clear the site data of this page to start afresh.',
  ],
  'backend-unavailable': [
    'This device cannot run the model that way',
    'The chosen device is not available here. Open the page without "?device=" in its address.',
  ],
  'model-not-found': MODEL_MISSING,
  'manifest-invalid': MODEL_MISSING,
  'unsupported-format-version': MODEL_MISSING,
};

const FALLBACK: Words = [
  'Something stopped working',
  'The device may be short of memory. Close other tabs, then try again.',
];

const FILE_REASONS: Partial<Record<PhotoglotErrorCode, string>> = {
  'decode-failed': 'Damaged or incomplete: it cannot be opened.',
  'empty-file': 'Empty: the file has no content.',
  'unsupported-type': 'Not a kind of picture that this browser opens.',
  'too-large': 'Too large to be opened here.',
  'fetch-failed': 'It could not be downloaded.',
  'quota-exceeded': 'No storage space was left for it.',
};

/** The words for anything thrown. */
export function problemOf(thrown: unknown): Problem {
  const code = thrown instanceof PhotoglotError ? thrown.code : 'internal';
  const [title, advice] = PROBLEMS[code] ?? FALLBACK;
  return { code, title, advice };
}

/** Why one file was not added. */
export function fileReason(code: PhotoglotErrorCode): string {
  return FILE_REASONS[code] ?? 'It could not be read.';
}

/** Whether `thrown` only says that somebody asked to stop. */
export function isAborted(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}
