/** Whether memory grows from round to round. */
import { quantile } from './metrics.mjs';

/** Share by which the late rounds may lie above the early ones. */
const MOST_GROWTH = 0.03;

/**
 * Compares rounds 41–50 with rounds 6–15; of fewer than 50 rounds the second half, but for the
 * middle, with the first, but for the first round: caches fill then.
 * @param {readonly number[]} rounds bytes after each
 */
export function judge(rounds) {
  const count = rounds.length;
  const half = Math.max(Math.floor(count / 2), 1);
  const second = Math.min(2, count);
  const [early, late] =
    count >= 50
      ? [part(rounds, 6, 15), part(rounds, 41, 50)]
      : [part(rounds, second, Math.max(half, second)), part(rounds, count - half + 1, count)];
  const growth = late.median / early.median - 1;
  return { early, late, growth, passed: growth <= MOST_GROWTH };
}

/** @param {readonly number[]} rounds @param {number} from counted from 1 @param {number} to included */
function part(rounds, from, to) {
  return { from, to, median: quantile(rounds.slice(from - 1, to), 0.5) };
}
