import { expect, test } from 'vitest';
import { KernelMemory } from './kernel-memory';
import { RowChunks } from './row-chunks';

/** Of zeros that nobody looks at. */
class Growing {
  buffer = new ArrayBuffer(65_536);
  grown = 0;

  grow(bytes: number): void {
    this.buffer = new ArrayBuffer(this.buffer.byteLength + bytes);
    this.grown++;
  }
}

test('room for rows is taken at once, and little beyond it', () => {
  const growing = new Growing();
  const memory = new KernelMemory(growing);
  const rows = new RowChunks(memory, [128, 4, 4, 2]);
  rows.reserve(2 ** 19);
  const needed = 2 ** 19 * 138;
  expect(growing.grown).toBe(1);
  expect(growing.buffer.byteLength - needed).toBeLessThan(65_536);
  rows.reserve(2 ** 19);
  expect(growing.grown).toBe(1);
  memory.take(65_536);
  expect(growing.buffer.byteLength - needed).toBeLessThan(10e6);
  // So that what comes bit by bit seldom makes it grow.
  for (let taken = 0; taken < 50; taken++) memory.take(65_536);
  expect(growing.grown).toBe(2);
});
