/** Reads NPY files of float32, as the benches write them, a piece at a time. */

const START = 10;

export interface NpyRows {
  readonly rows: number;
  readonly dimension: number;
  /** Whole rows, some at a time. */
  readonly pieces: AsyncGenerator<Float32Array<ArrayBuffer>, void>;
}

export async function fetchNpy(url: string): Promise<NpyRows> {
  const { body } = await fetchFile(url);
  const reader = body.getReader();
  let bytes = new Uint8Array();
  const more = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    if (done) return false;
    const joined = new Uint8Array(bytes.length + value.length);
    joined.set(bytes);
    joined.set(value, bytes.length);
    bytes = joined;
    return true;
  };
  while (bytes.length < START) if (!(await more())) throw new Error(`${url} is too short.`);
  const length = START + new DataView(bytes.buffer).getUint16(8, true);
  while (bytes.length < length) if (!(await more())) throw new Error(`${url} is too short.`);
  const header = new TextDecoder().decode(bytes.subarray(START, length));
  const [, rows, columns] = /'<f4'.*\((\d+), (\d+)\)/.exec(header) ?? [];
  if (rows === undefined) throw new Error(`${url} has no rows of float32.`);
  const dimension = Number(columns);
  const rowBytes = dimension * Float32Array.BYTES_PER_ELEMENT;
  bytes = bytes.slice(length);
  return {
    rows: Number(rows),
    dimension,
    pieces: (async function* () {
      do {
        const whole = bytes.length - (bytes.length % rowBytes);
        yield new Float32Array(bytes.slice(0, whole).buffer);
        bytes = bytes.slice(whole);
      } while (await more());
      if (bytes.length > 0) throw new Error(`${url} ends within a row.`);
    })(),
  };
}

/** All rows, each by itself. */
export async function fetchVectors(url: string): Promise<Float32Array<ArrayBuffer>[]> {
  const { dimension, pieces } = await fetchNpy(url);
  const vectors: Float32Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += dimension) {
      vectors.push(piece.slice(at, at + dimension));
    }
  }
  return vectors;
}

export async function fetchFile(url: string): Promise<{ body: ReadableStream<Uint8Array> }> {
  const { ok, status, body } = await fetch(url);
  if (!ok || body === null) throw new Error(`${url}: status ${String(status)}.`);
  return { body };
}
