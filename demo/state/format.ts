/** Numbers as people read them. */
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTH = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const HUNDREDTH = new Intl.NumberFormat('en', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: 'negative',
});

/** "1 photo", "1,200 photos". */
export function countOf(count: number, noun: string): string {
  return `${WHOLE.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** "12 of 70". */
export function progressOf(done: number, total: number): string {
  return `${WHOLE.format(done)} of ${WHOLE.format(total)}`;
}

/** "24 MB", "1.5 MB", "320 kB". */
export function bytes(count: number): string {
  if (count >= 1e7) return `${WHOLE.format(count / 1e6)} MB`;
  return count >= 1e6 ? `${TENTH.format(count / 1e6)} MB` : `${WHOLE.format(count / 1e3)} kB`;
}

/** "11 photos/s", "0.7 photos/s". */
export function rateOf(rate: number): string {
  return `${(rate < 10 ? TENTH : WHOLE).format(rate)} photos/s`;
}

/** "12 s left", "3 min left"; rounded up, so that it rarely takes longer than said. */
export function timeLeft(seconds: number): string {
  if (seconds < 60) return `${String(Math.max(1, Math.ceil(seconds)))} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min left`;
  return `${TENTH.format(minutes / 60)} h left`;
}

/** A cosine: "0.31". */
export function score(value: number): string {
  return HUNDREDTH.format(value).replace('-', '−');
}
