/** What every form of the kernels has to give, on however many threads: the reference's outputs. */
import { describe, expect, test } from 'vitest';
import { cosine, decodeVector } from '../../../models/golden-vectors';
import expected from '../fixtures/expected.json';
import { deviation } from '../../test-workers/closeness';
import type { PatchGrid } from '../siglip-encoder';

/** The float order of sums differs; codes at the edge of rounding then differ by one. */
const NEAR = 0.02;

/** Pictures of the fixtures, small and large. */
export const GRIDS: readonly PatchGrid[] = expected.pictures.map(({ rows, columns, pixels }) => ({
  rows,
  columns,
  pixels: decodeVector(pixels),
}));

/** Pictures → the vector of each. */
export type Encode = (pictures: readonly PatchGrid[]) => Promise<readonly Float32Array[]>;

/** `projected`: whether a projector is behind the tower. */
export function describeSiglip(name: string, projected: boolean, encode: Encode): void {
  const pictures = expected.pictures.map((picture) => ({
    output: decodeVector(projected ? picture.projected : picture.output),
    float: decodeVector(picture.floatOutput),
  }));

  describe(name, () => {
    test('gives what the reference of this arithmetic gives, for GRIDS of any shape', async () => {
      for (const [index, { output }] of pictures.entries()) {
        const [got = new Float32Array()] = await encode(GRIDS.slice(index, index + 1));
        expect(deviation(got, output)).toBeLessThan(NEAR);
      }
    });

    test.runIf(!projected)('is near the float model', async () => {
      const outputs = await encode(GRIDS);
      pictures.forEach(({ float }, index) => {
        expect(cosine(outputs[index] ?? new Float32Array(), float)).toBeGreaterThan(0.99);
      });
    });

    test('gives each picture of a batch what it gives it alone, to the last bit', async () => {
      const together = await encode(GRIDS);
      for (const [index, grid] of GRIDS.entries()) {
        expect([together[index]]).toEqual(await encode([grid]));
      }
    });

    test('gives the same again after many pictures have made the memory grow', async () => {
      const before = await encode(GRIDS);
      const many = Array.from({ length: 12 }, () => GRIDS).flat();
      expect(await encode(many)).toEqual(Array.from({ length: 12 }, () => before).flat());
      expect(await encode(GRIDS)).toEqual(before);
    });
  });
}
