/**
 * BM25+ (Lv and Zhai, “Lower-Bounding Term Frequency Normalization”, CIKM 2011): BM25 with a least gain
 * for having a word at all, so that long texts are not below short ones that lack it. Parameters are the
 * usual ones (Robertson and Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond”, 2009).
 */

const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
const LEAST_GAIN = 1;

/** How much a word tells that `having` of `documents` documents have; above 0. */
export function inverseDocumentFrequency(documents: number, having: number): number {
  return Math.log(1 + (documents - having + 0.5) / (having + 0.5));
}

/**
 * What a document gains by a word, in units of the word's inverse document frequency.
 *
 * @param occurrences at least 1
 * @param relativeLength of the document, in average lengths
 */
export function termGain(occurrences: number, relativeLength: number): number {
  const norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * relativeLength);
  return LEAST_GAIN + (occurrences * (SATURATION + 1)) / (occurrences + norm);
}
