/** What every form of the kernels has to give, on however many threads: the reference's outputs. */
import { describe, expect, test } from 'vitest';
import { cosine, decodeVector } from '../../../models/golden-vectors';
import reference from '../fixtures/reference.json';
import { deviation } from '../../test-workers/closeness';
import type { BertOutputs } from './bert-runner';

/** The float order of sums differs; codes at the edge of rounding then differ by one. */
const NEAR = 0.02;

/** A batch of texts as token ids → the outputs of each. */
export type Encode = (texts: readonly (readonly number[])[]) => Promise<readonly BertOutputs[]>;

export function describeBert(name: string, encode: Encode): void {
  const texts = reference.texts.map((text) => ({
    ids: text.ids,
    dense: decodeVector(text.dense),
    sparse: decodeVector(text.sparse),
    colbert: decodeVector(text.colbert),
    float: decodeVector(text.floatDense),
  }));
  const ids = texts.map((text) => text.ids);

  describe(name, () => {
    test('gives what the reference of this arithmetic gives, for texts of any length', async () => {
      for (const text of texts) {
        const [got] = await encode([text.ids]);
        expect(got).toBeDefined();
        if (got === undefined) return;
        expect(deviation(got.dense, text.dense)).toBeLessThan(NEAR);
        expect(deviation(got.sparse, text.sparse)).toBeLessThan(NEAR);
        const rows = got.colbert.subarray(0, text.colbert.length);
        expect(deviation(rows, text.colbert)).toBeLessThan(NEAR);
        expect(got.colbert.length).toBe((text.ids.length - 1) * 64);
      }
    });

    test('is near the float model', async () => {
      const outputs = await encode(ids);
      outputs.forEach(({ dense }, index) => {
        const { float } = texts[index] ?? { float: new Float32Array() };
        expect(cosine(dense, float)).toBeGreaterThan(0.999);
      });
    });

    test('gives each text of a batch what it gives it alone, to the last bit', async () => {
      const together = await encode(ids);
      for (const [index, text] of ids.entries()) {
        const [alone] = await encode([text]);
        expect(together[index]).toEqual(alone);
      }
    });

    test('gives the same again after a longer text has made the memory grow', async () => {
      const short = [[0, 5, 6, 2]];
      const before = await encode(short);
      const long = Array.from({ length: 10 }, () => ids.at(-1) ?? []);
      expect(await encode(long)).toHaveLength(10);
      expect(await encode(short)).toEqual(before);
    });
  });
}
