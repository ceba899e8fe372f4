/** Names of a model's files. */

/** What is expected, in words. */
export const FILE_PATH_WORDS = 'a relative path inside the folder';

/** Relative, downwards, without a query: a model must not reach out of its own folder. */
export function isFilePath(name: string): boolean {
  return /^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[\w./-]+$/.test(name);
}
