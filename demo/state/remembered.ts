/** Two small facts kept between visits. Without storage the page works, it only forgets them. */
const COUNT = 'photoglot:count';
const SAMPLES = 'photoglot:samples';

/** How many photos there were at the last visit: that many places are held while they load. */
export function rememberedCount(): number {
  const count = Number(read(COUNT));
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

export function rememberCount(count: number): void {
  write(COUNT, String(count));
}

/** Whether the sample photos have had their turn, so that they do not come back once removed. */
export function samplesSettled(): boolean {
  return read(SAMPLES) === 'settled';
}

export function settleSamples(): void {
  write(SAMPLES, 'settled');
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Blocked or full: see above.
  }
}
