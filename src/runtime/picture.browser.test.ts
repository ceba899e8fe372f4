/** Files of all kinds through the browser's decoder into what the tower sees. */
import { describe, expect, test } from 'vitest';
import type { ImageTower } from '../models/manifest';
import { PicturePreparer, type PreparedPicture } from './prepare-picture';
import { hugePng } from './test-workers/huge-png';

/** 48 × 32: red, green / blue, white. */
const FIXTURES = new URL('/src/runtime/fixtures/', location.href).href;
const QUARTERS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];

const variants = [{ file: 'none.onnx', dtype: 'fp32' }];
const tower: ImageTower = {
  geometry: { kind: 'area', area: 24 * 16, multiple: 8, maxAspect: 3 },
  filter: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  background: [255, 255, 255],
  inputs: { pixels: 'pixels' },
  output: 'rows',
  batch: 2,
  backends: { wasm: variants, webgpu: variants },
};
const preparer = new PicturePreparer(tower);
const gate = { priority: 'index', signal: new AbortController().signal } as const;

async function fixture(name: string): Promise<Blob> {
  // Without a type: the content has to tell.
  return new Blob([await (await fetch(FIXTURES + name)).arrayBuffer()]);
}

function prepare(blob: Blob, thumbnail = 0): Promise<PreparedPicture> {
  return preparer.prepare({ kind: 'blob', blob }, { thumbnail, gate });
}

function failureOf(blob: Blob): Promise<unknown> {
  return prepare(blob).catch((thrown: unknown) => thrown);
}

/** Colours in the middle of the four quarters. */
function quartersOf({ rgb, width, height }: PreparedPicture): number[][] {
  const at = (x: number, y: number): number[] => {
    const from = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
    return [...rgb.subarray(from, from + 3)];
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}

/** JPEG and its like are off by a little. */
function expectColours(got: number[][], expected: number[][], tolerance = 12): void {
  got.forEach((colour, quarter) => {
    colour.forEach((value, channel) => {
      const difference = Math.abs(value - (expected[quarter]?.[channel] ?? NaN));
      expect(difference, `quarter ${quarter}: ${colour.join(' ')}`).toBeLessThanOrEqual(tolerance);
    });
  });
}

describe('decoding', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'EXIF orientation %i is shown upright',
    async (orientation) => {
      const picture = await prepare(await fixture(`orientation-${orientation}.jpg`));
      expect(picture.original).toEqual({ width: 48, height: 32 });
      expect([picture.width, picture.height]).toEqual([24, 16]);
      expectColours(quartersOf(picture), QUARTERS);
    },
  );

  test.each([
    'quarters.png',
    'quarters.gif',
    'quarters.bmp',
    'lossy.webp',
    'lossless.webp',
    'quarters.avif',
  ])('%s', async (name) => {
    expectColours(quartersOf(await prepare(await fixture(name))), QUARTERS);
  });

  test.each(['transparent.png', 'extended.webp'])(
    'what is transparent in %s shows the background',
    async (name) => {
      const [, ...rest] = QUARTERS;
      const picture = await prepare(await fixture(name));
      expectColours(quartersOf(picture), [[255, 255, 255], ...rest], 1);
    },
  );

  test('12,000 × 9,000 pixels are reduced', async () => {
    const picture = await prepare(await hugePng(12_000, 9000), 320);
    expect(picture.original).toEqual({ width: 12_000, height: 9000 });
    expect([picture.width, picture.height]).toEqual([24, 16]);
    expectColours(quartersOf(picture), [
      [0, 0, 0],
      [255, 255, 255],
      [255, 255, 255],
      [0, 0, 0],
    ]);
  });
});

describe('what cannot be decoded says why', () => {
  test('an empty file', async () => {
    expect(await failureOf(new Blob([]))).toMatchObject({ code: 'empty-file' });
  });

  test('a text that calls itself a JPEG', async () => {
    const file = new File(['Dear diary, today'], 'photo.jpg', { type: 'image/jpeg' });
    expect(await failureOf(file)).toMatchObject({ code: 'unsupported-type' });
  });

  test('a JPEG that ends in its headers', async () => {
    const file = (await fixture('orientation-1.jpg')).slice(0, 300);
    expect(await failureOf(file)).toMatchObject({ code: 'decode-failed' });
  });

  test('a JPEG whose tables are garbage', async () => {
    const bytes = new Uint8Array(await (await fixture('orientation-1.jpg')).arrayBuffer());
    bytes.fill(0x55, 120, 500);
    expect(await failureOf(new Blob([bytes]))).toMatchObject({ code: 'decode-failed' });
  });

  test('HEIC, where the browser has no decoder for it', async () => {
    const file = new Blob(['\0\0\0\x18ftypheic\0\0\0\0mif1heic']);
    expect(await failureOf(file)).toMatchObject({ code: 'unsupported-type' });
  });

  test('a picture beyond the limit, before it is decoded', async () => {
    const bytes = await (await hugePng(8, 8)).arrayBuffer();
    const header = new DataView(bytes, 16, 8);
    header.setUint32(0, 40_000);
    header.setUint32(4, 40_000);
    expect(await failureOf(new Blob([bytes]))).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('40000 × 40000') as string,
    });
  });
});

describe('other forms', () => {
  test('pixels, laid over the background', async () => {
    const data = new Uint8ClampedArray(24 * 16 * 4);
    const pixels = new ImageData(data, 24, 16);
    const picture = await preparer.prepare({ kind: 'pixels', pixels }, { thumbnail: 320, gate });
    expect(new Set(picture.rgb)).toEqual(new Set([255]));
    expect(picture.thumbnail?.type).toBe('image/jpeg');
  });

  test('a bitmap, which is closed afterwards', async () => {
    const bitmap = await createImageBitmap(await fixture('quarters.png'));
    const picture = await preparer.prepare({ kind: 'bitmap', bitmap }, { thumbnail: 0, gate });
    expectColours(quartersOf(picture), QUARTERS);
    expect(bitmap.width).toBe(0);
  });

  test('a bitmap is closed when its job is aborted, too', async () => {
    const bitmap = await createImageBitmap(await fixture('quarters.png'));
    const aborted = { priority: 'index', signal: AbortSignal.abort() } as const;
    const job = preparer.prepare({ kind: 'bitmap', bitmap }, { thumbnail: 0, gate: aborted });
    await expect(job).rejects.toMatchObject({ code: 'aborted' });
    expect(bitmap.width).toBe(0);
  });
});

describe('thumbnails', () => {
  test('are JPEGs of at most the asked size, upright', async () => {
    const { thumbnail } = await prepare(await fixture('orientation-6.jpg'), 24);
    expect(thumbnail?.type).toBe('image/jpeg');
    const bitmap = await createImageBitmap(thumbnail ?? new Blob());
    expect([bitmap.width, bitmap.height]).toEqual([24, 16]);
  });

  test('are never enlarged', async () => {
    const { thumbnail } = await prepare(await fixture('quarters.png'), 320);
    const bitmap = await createImageBitmap(thumbnail ?? new Blob());
    expect([bitmap.width, bitmap.height]).toEqual([48, 32]);
  });
});

describe('pictures beyond the bound of a thread', () => {
  const one = new PicturePreparer(tower, 1000);

  /** Holds the turn of large pictures, as another thread would, until it is called. */
  function otherThread(): Promise<() => void> {
    return new Promise((resolve) => {
      void navigator.locks.request(
        'photoglot-large-picture',
        () =>
          new Promise<void>((end) => {
            resolve(end);
          }),
      );
    });
  }

  /** Resolves when a picture waits for its turn. */
  async function someoneWaits(): Promise<void> {
    await expect
      .poll(async () => (await navigator.locks.query()).pending?.map(({ name }) => name))
      .toContain('photoglot-large-picture');
  }

  test('are decoded one at a time, of all threads', async () => {
    const endTurn = await otherThread();
    const blob = await fixture('quarters.png');
    let isDone = false;
    const job = one.prepare({ kind: 'blob', blob }, { thumbnail: 0, gate }).finally(() => {
      isDone = true;
    });
    await someoneWaits();
    expect(isDone).toBe(false);
    endTurn();
    expectColours(quartersOf(await job), QUARTERS);
  });

  test('leave when they are aborted', async () => {
    const endTurn = await otherThread();
    const controller = new AbortController();
    const blob = await fixture('quarters.png');
    const given = { priority: 'index', signal: controller.signal } as const;
    const job = one.prepare({ kind: 'blob', blob }, { thumbnail: 0, gate: given });
    const refused = expect(job).rejects.toMatchObject({ code: 'aborted' });
    await someoneWaits();
    controller.abort();
    await refused;
    endTurn();
    // Its room is free again.
    await one.prepare({ kind: 'blob', blob }, { thumbnail: 0, gate });
  });
});
