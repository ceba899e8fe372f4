/** The header of NumPy's NPY, versions 1 to 3: which numbers follow, and how many. */
import type { ByteReader } from './byte-reader';
import { importInvalid } from './import-error';

/** Numbers as NumPy names them, little-endian. */
export type NpyType = '<f2' | '<f4' | '<f8';

export interface NpyHeader {
  readonly type: NpyType;
  readonly rows: number;
  /** Numbers per row. */
  readonly columns: number;
}

/** The header is a line of Python; real ones have some hundred characters. */
const MAX_HEADER_BYTES = 65_536;

/** Throws `import-invalid` for what is no NPY, or one of numbers that are no vectors. */
export async function readNpyHeader(reader: ByteReader): Promise<NpyHeader> {
  const start = await reader.read(8, 'the header of an NPY file');
  if (start[0] !== 0x93 || String.fromCharCode(...start.subarray(1, 6)) !== 'NUMPY') {
    throw importInvalid('The file does not start with "\\x93NUMPY": it is no NPY file.');
  }
  const [major = 0] = start.subarray(6);
  if (major < 1 || major > 3) {
    throw importInvalid(`The file has version ${major} of NPY; versions 1 to 3 can be read.`);
  }
  const lengthBytes = await reader.read(major === 1 ? 2 : 4, 'the header of an NPY file');
  const view = new DataView(lengthBytes.buffer);
  const length = major === 1 ? view.getUint16(0, true) : view.getUint32(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw importInvalid(`The NPY header says that it has ${length} bytes: the file is damaged.`);
  }
  const text = new TextDecoder().decode(await reader.read(length, 'the header of an NPY file'));
  return parseHeader(text);
}

function parseHeader(text: string): NpyHeader {
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (type === undefined || order === undefined || shape === undefined) {
    throw importInvalid(`The NPY header cannot be read: ${text.slice(0, 100).trim()}`);
  }
  if (type !== '<f2' && type !== '<f4' && type !== '<f8') {
    throw importInvalid(
      `The NPY file has numbers of type "${type}"; expected are float16, float32 or float64, ` +
        "little-endian: save it with .astype('<f4').",
    );
  }
  if (order === 'True') {
    throw importInvalid(
      'The NPY file is in Fortran order: save numpy.ascontiguousarray of its array.',
    );
  }
  const sizes = shape.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  const [rows, columns] = sizes;
  if (sizes.length !== 2 || rows === undefined || columns === undefined) {
    throw importInvalid(
      `The NPY file has an array of shape (${shape}); expected are rows of vectors, (count, dimension).`,
    );
  }
  return { type, rows, columns };
}
