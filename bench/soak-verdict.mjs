/** Whether memory grows from round to round. */
import { quantile } from './metrics.mjs';

/** Share by which the late rounds may lie above the early ones. */
const MOST_GROWTH = 0.03;

/**
 * Compares rounds 41–50 with rounds 6–15; of fewer than 50 rounds those after the first, as caches
 * fill then: their second half with their first (of 5, rounds 4–5 with 2–3). Memory that is not
 * above an empty page's was not measured right, and is no pass.
 * @param {readonly number[]} rounds bytes after each, above an empty page
 */
export function judge(rounds) {
  const count = rounds.length;
  const first = Math.min(2, count);
  const half = Math.max(Math.floor((count - 1) / 2), 1);
  const [early, late] =
    count >= 50
      ? [part(rounds, 6, 15), part(rounds, 41, 50)]
      : [part(rounds, first, first + half - 1), part(rounds, count - half + 1, count)];
  const growth = early.median > 0 ? late.median / early.median - 1 : NaN;
  // NaN is no pass.
  return { early, late, growth, passed: growth <= MOST_GROWTH };
}

/** @param {readonly number[]} rounds @param {number} from counted from 1 @param {number} to included */
function part(rounds, from, to) {
  return { from, to, median: quantile(rounds.slice(from - 1, to), 0.5) };
}
