/**
 * A collection as Parquet: columns `id` (string), `vector` (list of float), `meta` and `fields` (JSON as
 * strings) and `rough` (boolean); the model is the file's metadata `photoglot.model`.
 */
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter, type ColumnSource } from 'hyparquet-writer';
import { PhotoglotError } from '../errors';
import type { ItemRecord } from '../protocol/store-contract';
import { MODEL_KEY } from './parquet-model-key';
import type { RowSource } from './row-source';

/** Numbers of a row group: it is held as a whole, several times over. */
const GROUP_NUMBERS = 2 ** 20;

const STRING = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;

const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 5 },
  { name: 'id', ...STRING },
  { name: 'vector', repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
  { name: 'meta', ...STRING },
  { name: 'fields', ...STRING },
  { name: 'rough', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
];

export async function* writeParquet(
  source: RowSource,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const { dimension, model } = source;
  const output = new ByteWriter();
  const writer = new ParquetWriter({
    writer: output,
    schema: SCHEMA,
    kvMetadata: [{ key: MODEL_KEY, value: model }],
    createdBy: 'photoglot',
  });
  const taken = (): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(output.getBuffer());
    // The library's own way to begin again: `offset` goes on counting.
    output.index = 0;
    return bytes;
  };
  let items: ItemRecord[] = [];
  let vectors: number[][] = [];
  const writeGroup = async (): Promise<void> => {
    const rowGroupSize = items.length;
    await writer.write({ columnData: columnsOf(items, vectors), rowGroupSize });
    [items, vectors] = [[], []];
  };
  for await (const block of source.blocks()) {
    block.items.forEach((item, index) => {
      items.push(item);
      const row = block.vectors.subarray(index * dimension, (index + 1) * dimension);
      vectors.push(Array.from(row));
    });
    if (items.length * dimension < GROUP_NUMBERS) continue;
    await writeGroup();
    yield taken();
  }
  if (items.length > 0) await writeGroup();
  await writer.finish();
  yield taken();
}

/** Strings of a table are UTF-8, which has nothing for half a surrogate pair: another id would come back. */
function columnId({ id }: ItemRecord): string {
  if (!/\p{Surrogate}/u.test(id)) return id;
  throw new PhotoglotError(
    'invalid-input',
    `The id ${JSON.stringify(id)} is no Unicode text, which Parquet needs: export it as JSON Lines.`,
  );
}

function columnsOf(items: readonly ItemRecord[], vectors: number[][]): ColumnSource[] {
  return [
    { name: 'id', data: items.map(columnId) },
    // Float32 vectors hardly compress, and their least and greatest numbers tell nothing.
    { name: 'vector', data: vectors, codec: 'UNCOMPRESSED', encoding: 'PLAIN', statistics: false },
    { name: 'meta', data: items.map(({ meta }) => JSON.stringify(meta)) },
    { name: 'fields', data: items.map(({ fields }) => JSON.stringify(fields)) },
    { name: 'rough', data: items.map(({ rough = false }) => rough) },
  ];
}
