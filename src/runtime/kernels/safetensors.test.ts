import { describe, expect, test } from 'vitest';
import { metadataNumber, openTensors, readTensor, tensorOf } from './safetensors';

function fileOf(header: unknown, data: Uint8Array<ArrayBuffer> = new Uint8Array(16)): Blob {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const length = new BigUint64Array([BigInt(text.length)]);
  return new Blob([length, text, data]);
}

const numbers = { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] };

test('reads tensors and metadata', async () => {
  const data = new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer);
  const blob = fileOf({ __metadata__: { layers: '24' }, numbers }, data);
  const file = await openTensors(blob, 'tiny');
  const tensor = tensorOf(file, 'numbers', 'F32', [2, 2]);
  expect([...new Float32Array(await readTensor(file, tensor))]).toEqual([1, 2, 3, 4]);
  expect(metadataNumber(file, 'layers')).toBe(24);
});

describe('what cannot be used is an error that names the file', () => {
  test.each([
    ['a page', new Blob(['<!doctype html><html></html>'])],
    ['nothing', new Blob([])],
    ['a header that is not JSON', fileOf('{"numbers":')],
    ['a type that is not known', fileOf({ numbers: { ...numbers, dtype: 'F8' } })],
    ['a tensor larger than its place', fileOf({ numbers: { ...numbers, shape: [2, 3] } })],
    ['data cut short', fileOf({ numbers }, new Uint8Array(15))],
  ])('%s', async (_, blob) => {
    await expect(openTensors(blob, 'tiny')).rejects.toMatchObject({
      code: 'session-failed',
      message: expect.stringContaining('tiny cannot be used') as string,
    });
  });

  test('a tensor of another shape, a number that is missing', async () => {
    const file = await openTensors(fileOf({ numbers }), 'tiny');
    expect(() => tensorOf(file, 'numbers', 'F32', [4])).toThrow('got F32 [2, 2]');
    expect(() => tensorOf(file, 'others', 'F32', [4])).toThrow('got nothing');
    expect(() => metadataNumber(file, 'layers')).toThrow('"layers" is missing');
  });
});
