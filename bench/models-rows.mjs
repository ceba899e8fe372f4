/** What the models bench measures: one row for each way to encode. */

/** @typedef {import('./pages/models-page.ts').EncoderRequest} EncoderRequest */

/**
 * @typedef {{
 *   readonly name: string,
 *   readonly kind: 'same' | 'peer' | 'best',
 *   readonly request: EncoderRequest,
 * }} ModelRow `same` is Photoglot on the bytes that the peer has, `best` Photoglot in another format
 */

const MOST_DEFAULT_THREADS = 4;

/**
 * Photoglot on the peer's bytes; transformers.js with the build of ORT that it takes by itself and
 * with the plain one, on 1 and 2 threads and on as many as it takes by itself; then Photoglot in
 * its best form, where there is one.
 * @param {{
 *   readonly graph: string, readonly output: string, readonly dtype: string,
 *   readonly cores: number,
 *   readonly best: { readonly dtype: string | null } | null,
 * }} options
 * @returns {readonly ModelRow[]}
 */
export function modelRows({ graph, output, dtype, cores, best }) {
  /** @type {ModelRow} */
  const same = {
    name: `Photoglot, ${dtype}`,
    kind: 'same',
    request: { side: 'photoglot', model: 'same/', dtype },
  };
  const peers = /** @type {const} */ (['asyncify', 'plain']).flatMap((build) =>
    peerThreads(cores).map(
      /** @returns {ModelRow} */ (threads) => ({
        name: `transformers.js${build === 'plain' ? ', plain ORT' : ''}`,
        kind: 'peer',
        request: { side: 'transformers', graph, output, threads, build },
      }),
    ),
  );
  if (best === null) return [same, ...peers];
  return [
    same,
    ...peers,
    {
      name: `Photoglot, ${best.dtype ?? 'its default'}`,
      kind: 'best',
      request: { side: 'photoglot', model: 'best/', dtype: best.dtype },
    },
  ];
}

/** 1, 2, and what ONNX Runtime takes for so many cores when it is not told. @param {number} cores */
function peerThreads(cores) {
  const byDefault = Math.min(MOST_DEFAULT_THREADS, Math.ceil(cores / 2));
  return [...new Set([1, 2, byDefault])].sort((a, b) => a - b);
}
