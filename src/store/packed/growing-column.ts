/** A column that is being made, row by row; `column.ts` says what becomes of it. */
import type { Turns } from '../../core/turns';
import type { MetaValue } from '../../protocol/store-contract';
import { codesOf, widthFor, type Codes, type ColumnShape, type ValueForm } from './column';

/** Values that are brought into their form at a time. */
const BLOCK_VALUES = 1024;
/** What a value takes beside its characters: a string and its place in a map, as V8 has them. */
const VALUE_BYTES = 50;

const encoder = new TextEncoder();

export class GrowingColumn {
  readonly #rows: number;
  /** Per row; as wide as the values ask for, as there may be hundreds of columns. */
  #codes: Codes;
  /** Rows that have the field. */
  #present = 0;
  /** By the JSON of a value. */
  readonly #codeOf = new Map<string, number>();
  #form: ValueForm | null = null;
  #characters = 0;

  /** @param rows of the file */
  constructor(rows: number) {
    this.#rows = rows;
    this.#codes = codesOf(1, rows);
  }

  /** Bytes of memory, roughly. */
  get bytes(): number {
    return this.#codes.byteLength + this.#characters + VALUE_BYTES * this.#codeOf.size;
  }

  /** UTF-16 units of the JSON of all values. */
  get characters(): number {
    return this.#characters;
  }

  /** @param row one of the file's that has no value yet */
  add(row: number, value: MetaValue): void {
    const json = JSON.stringify(value);
    let code = this.#codeOf.get(json);
    if (code === undefined) {
      code = this.#codeOf.size + 1;
      this.#codeOf.set(json, code);
      this.#characters += json.length;
      const form = formOf(value);
      this.#form = this.#form === null || this.#form === form ? form : 'json';
      this.#widen();
    }
    this.#codes[row] = code;
    this.#present++;
  }

  /** Rejects with the signal's reason. */
  async encode(
    turns: Turns,
    signal: AbortSignal,
  ): Promise<{ readonly shape: ColumnShape; readonly parts: readonly Uint8Array<ArrayBuffer>[] }> {
    const [present, values] = [this.#present, this.#codeOf.size];
    const width = widthFor(values);
    const isSparse = present * (4 + width) < this.#rows * width;
    const form = this.#form ?? 'json';
    const parts = isSparse ? this.#sparse(width) : [new Uint8Array(this.#codes.buffer)];
    for (const part of valuesOf(this.#codeOf.keys(), form)) {
      parts.push(part);
      await turns.next(signal);
    }
    return { shape: { isSparse, width, form, present, values }, parts };
  }

  /** Makes room for the codes of the values that there are. */
  #widen(): void {
    const width = widthFor(this.#codeOf.size);
    if (width === this.#codes.BYTES_PER_ELEMENT) return;
    const wider = codesOf(width, this.#rows);
    wider.set(this.#codes);
    this.#codes = wider;
  }

  /** The rows that have the field, and their codes. */
  #sparse(width: 1 | 2 | 4): Uint8Array<ArrayBuffer>[] {
    const rows = new Uint32Array(this.#present);
    const codes = codesOf(width, this.#present);
    let place = 0;
    for (let row = 0; row < this.#rows; row++) {
      const code = this.#codes[row] ?? 0;
      if (code === 0) continue;
      rows[place] = row;
      codes[place++] = code;
    }
    return [new Uint8Array(rows.buffer), new Uint8Array(codes.buffer)];
  }
}

function formOf(value: MetaValue): ValueForm {
  if (typeof value === 'number') return 'numbers';
  return isPlace(value) ? 'places' : 'json';
}

/** Of two numbers with these names, and nothing else. */
function isPlace(value: MetaValue): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length === 2 &&
    entries.every(([key, part]) => (key === 'lat' || key === 'lon') && typeof part === 'number')
  );
}

/** Some at a time. */
function* valuesOf(
  jsons: Iterable<string>,
  form: ValueForm,
): Generator<Uint8Array<ArrayBuffer>, void> {
  let start = '[';
  for (const block of blocksOf(jsons)) {
    if (form === 'json') {
      yield encoder.encode(start + block.join(','));
      start = ',';
    } else {
      yield new Uint8Array(Float64Array.from(numbersOf(block, form)).buffer);
    }
  }
  if (form === 'json') yield encoder.encode(start === '[' ? '[]' : ']');
}

function numbersOf(jsons: readonly string[], form: 'numbers' | 'places'): number[] {
  if (form === 'numbers') return jsons.map(Number);
  return jsons.flatMap((json) => {
    const { lat, lon } = JSON.parse(json) as { readonly lat: number; readonly lon: number };
    return [lat, lon];
  });
}

function* blocksOf(jsons: Iterable<string>): Generator<readonly string[], void> {
  let block: string[] = [];
  for (const json of jsons) {
    if (block.push(json) < BLOCK_VALUES) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}
