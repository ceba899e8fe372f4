/**
 * What was found out about this device, kept for the next visit: small JSON in localStorage. Each
 * question has a slot of its own, and an answer is good only for what it was found out of; the next
 * answer takes its place, so that nothing piles up. Where nothing can be kept (no storage), it is
 * found out anew each time.
 */

const PREFIX = 'photoglot-verdict:';
/** Of the form of the entries. */
const VERSION = 1;

/** Where an answer is kept, and all that it depends on. */
export interface VerdictKey {
  readonly slot: string;
  readonly of: string;
}

interface Entry {
  readonly version: typeof VERSION;
  readonly of: string;
  readonly verdict: unknown;
}

/** The answer as it was kept, to be checked by the caller; null if there is none for this very key. */
export function keptVerdict({ slot, of }: VerdictKey): unknown {
  try {
    const entry = JSON.parse(
      localStorage.getItem(PREFIX + slot) ?? 'null',
    ) as Partial<Entry> | null;
    return entry?.version === VERSION && entry.of === of ? (entry.verdict ?? null) : null;
  } catch {
    // Storage that is denied, or an entry that somebody else has written.
    return null;
  }
}

/** Takes the place of what the slot held. */
export function keepVerdict({ slot, of }: VerdictKey, verdict: object): void {
  try {
    const entry: Entry = { version: VERSION, of, verdict };
    localStorage.setItem(PREFIX + slot, JSON.stringify(entry));
  } catch {
    // Denied or full: it is found out anew next time.
  }
}
