/** The encoder of our own behind a lens, and words in packs: what is loaded, found and missing. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cosine } from '../models/golden-vectors';
import { rowsIn } from '../runtime/test-workers/closeness';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { Lens, LensOptions } from './api';
import { createLens } from './create-lens';
import { openModelCache } from './model-cache';

/** Of 7 bits against float32, on weights as small as these. */
const QUANTIZED = 0.995;
const TEXTS = ['a dog on the beach', 'собака', 'σκύλος', 'Straßenbahn', 'x'];

let lens: Lens | undefined;
afterEach(async () => {
  await lens?.dispose();
  lens = undefined;
});

async function open(options: Partial<LensOptions> = {}): Promise<Lens> {
  lens = await createLens({ model: TINY.int7, assets: '/', device: 'wasm', ...options });
  return lens;
}

describe('with all words', () => {
  let float: readonly Float32Array[];
  beforeAll(async () => {
    const { data, dim } = await (await open({ dtype: 'fp32' })).embedText(TEXTS);
    float = rowsIn(data, dim);
    await lens?.dispose();
  });

  test('it is what WASM takes first, tested with the golden vectors, and near to float32', async () => {
    const opened = await open();
    expect(opened.info.text).toMatchObject({ provider: 'wasm', dtype: 'int7', rejected: [] });
    const { data, dim, missing } = await opened.embedText(TEXTS);
    expect(missing).toEqual([]);
    rowsIn(data, dim).forEach((row, index) => {
      expect(cosine(row, float[index] ?? row)).toBeGreaterThan(QUANTIZED);
    });
  });

  test('all three outputs, also of a text in windows', async () => {
    const opened = await open();
    const [whole] = await opened.encodeText(['a dog on the beach'], {
      sparse: true,
      colbert: true,
    });
    expect(whole?.sparse?.ids.length).toBeGreaterThan(0);
    expect(whole?.colbert?.count).toBeGreaterThan(10);
    const long = 'dog '.repeat(100);
    const windows = { maxTokens: 32, overlap: 8, sparse: true, colbert: true };
    const [read] = await opened.encodeText([long], windows);
    expect(read?.colbert?.count).toBeGreaterThan(200);
    expect(read?.missing).toEqual([]);
  });
});

describe('with the words of some languages', () => {
  test('nothing else is downloaded', async () => {
    const models = openModelCache();
    const isOurs = ({ id }: { readonly id: string }): boolean => id === 'tiny-int7';
    for (const { key } of (await models.list()).filter(isOurs)) {
      // The lens before lets go of it soon.
      await expect.poll(() => models.delete(key).catch(() => false)).toBe(true);
    }
    await open({ languages: ['el'] });
    const [kept] = (await models.list()).filter(isOurs);
    models.dispose();
    expect(kept?.files.filter((name) => name.includes('rows')).sort()).toEqual([
      'text.rows.core.safetensors',
      'text.rows.greek.safetensors',
    ]);
  });

  test('what has its words is encoded as with all of them', async () => {
    const all = await (await open()).embedText(['σκύλος']);
    await lens?.dispose();
    const some = await (await open({ languages: ['el-GR'] })).embedText(['σκύλος']);
    expect(some.data).toEqual(all.data);
  });

  test('what is missing counts as unknown, and the result names it', async () => {
    const opened = await open({ languages: ['el'] });
    const { missing, data } = await opened.embedText(['σκύλος и λύκος']);
    expect(missing).toEqual(['и']);
    expect(data.every(Number.isFinite)).toBe(true);
    const [first, second] = await opened.encodeText(['и', 'λύκος']);
    expect([first?.missing, second?.missing]).toEqual([['и'], []]);
    const texts = await opened.open(`packs ${crypto.randomUUID()}`);
    await texts.add([{ id: 'wolf', text: 'λύκος' }]);
    expect(await texts.search('λύκος')).toMatchObject({ missing: [], hits: [{ id: 'wolf' }] });
    expect((await texts.search('λύκος и')).missing).toEqual(['и']);
    await texts.clear();
  });

  test('a language that no pack is for is refused, as is no language at all', async () => {
    const unknown = open({ languages: ['tlh'] });
    await expect(unknown).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(unknown).rejects.toThrow('"tlh"');
    for (const languages of [[], ['no such tag!'], 'de' as unknown as string[]]) {
      await expect(open({ languages })).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });
});
