/** The signal of work that nobody can abort. */
export const NEVER = new AbortController().signal;
