/** Who is asked for what is there and what is not, and what the answers come to. */
import { mean, rounded } from './metrics.mjs';

/** @typedef {import('./pages/cutoff-page.ts').Answer} Answer */

/**
 * A name, and the picture that it names.
 * @typedef {{ readonly text: string, readonly picture: string }} Named
 */

/**
 * Of some named classes: those whose pictures are taken away, and the others.
 * @typedef {{ readonly absent: readonly Named[], readonly present: readonly Named[] }} Round
 */

/** A picture counts that is among so many without a cutoff. */
const TOP = 10;
/** For what is not there a search may return so many. */
const FEW = 3;

/**
 * Rounds in which each class has its turn to be absent equally often: 200 of the 500 scored, or of all
 * 1,000. Two neighbours, which are often alike, do not have it together.
 * @param {readonly Named[]} classes @param {'two of five' | 'one of five'} share
 * @returns {Round[]}
 */
export function roundsOf(classes, share) {
  const turns = share === 'two of five' ? [0, 2] : [0];
  return [0, 1, 2, 3, 4].map((round) => {
    const isAbsent = (/** @type {unknown} */ _, /** @type {number} */ place) =>
      turns.includes((place + 5 - round) % 5);
    return {
      absent: classes.filter(isAbsent),
      present: classes.filter((one, place) => !isAbsent(one, place)),
    };
  });
}

/**
 * Figures of one or more rounds; `absent` and `present` are pairs of a class and what its name found.
 * @param {readonly (readonly [Named, Answer])[]} absent
 * @param {readonly (readonly [Named, Answer])[]} present
 */
export function figuresOf(absent, present) {
  const ranked = present.filter(([{ picture }, answer]) =>
    answer.ranked.slice(0, TOP).includes(picture),
  );
  const few = absent.filter(([, { hits }]) => hits.length <= FEW);
  const none = absent.filter(([, { hits }]) => hits.length === 0);
  const kept = ranked.filter(([{ picture }, { hits }]) => hits.includes(picture));
  return {
    absent: absent.length,
    fewShare: rounded(few.length / absent.length),
    noneShare: rounded(none.length / absent.length),
    present: present.length,
    ranked: ranked.length,
    keptShare: rounded(kept.length / ranked.length),
    /** Hits per name of a picture that is there. */
    hits: rounded(mean(present.map(([, { hits }]) => hits.length))),
  };
}
