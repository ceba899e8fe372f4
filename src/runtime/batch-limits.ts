/**
 * Texts that run together: large enough to be efficient, small enough for a query to get in between:
 * sixteen titles, or one long passage, whatever its length.
 */
export const BATCH_LIMITS = { maxTokens: 1024, maxRows: 16 } as const;
