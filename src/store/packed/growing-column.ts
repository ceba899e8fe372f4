/** A column that is being made, row by row; `column.ts` says what becomes of it. */
import type { Turns } from '../../core/turns';
import type { MetaValue } from '../../protocol/store-contract';
import { codesOf, widthFor, type ColumnShape, type ValueForm } from './column';

/** Values that are brought into their form at a time. */
const BLOCK_VALUES = 1024;

const encoder = new TextEncoder();

export class GrowingColumn {
  /** That have the field. */
  readonly #rows: number[] = [];
  /** Of these rows. */
  readonly #codes: number[] = [];
  /** By the JSON of a value. */
  readonly #codeOf = new Map<string, number>();
  #form: ValueForm | null = null;
  #characters = 0;

  /** UTF-16 units of the JSON of all values. */
  get characters(): number {
    return this.#characters;
  }

  /** @param row higher than all before */
  add(row: number, value: MetaValue): void {
    const json = JSON.stringify(value);
    let code = this.#codeOf.get(json);
    if (code === undefined) {
      code = this.#codeOf.size + 1;
      this.#codeOf.set(json, code);
      this.#characters += json.length;
      const form = formOf(value);
      this.#form = this.#form === null || this.#form === form ? form : 'json';
    }
    this.#rows.push(row);
    this.#codes.push(code);
  }

  /** @param rows of the file. Rejects with the signal's reason. */
  async encode(
    rows: number,
    turns: Turns,
    signal: AbortSignal,
  ): Promise<{ readonly shape: ColumnShape; readonly parts: readonly Uint8Array<ArrayBuffer>[] }> {
    const [present, values] = [this.#rows.length, this.#codeOf.size];
    const width = widthFor(values);
    const isSparse = present * (4 + width) < rows * width;
    const codes = codesOf(width, isSparse ? present : rows);
    const places = isSparse ? null : this.#rows;
    for (let place = 0; place < present; place++) {
      codes[places?.[place] ?? place] = this.#codes[place] ?? 0;
    }
    const form = this.#form ?? 'json';
    const parts = [new Uint8Array(codes.buffer)];
    if (isSparse) parts.unshift(new Uint8Array(Uint32Array.from(this.#rows).buffer));
    for (const part of valuesOf(this.#codeOf.keys(), form)) {
      parts.push(part);
      await turns.next(signal);
    }
    return { shape: { isSparse, width, form, present, values }, parts };
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
