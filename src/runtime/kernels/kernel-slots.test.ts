import { expect, test } from 'vitest';
import { KernelSlot } from './kernel-slots';

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

test('a part that is done is finished, whatever became of it', () => {
  const slot = new KernelSlot(memory, 0);
  slot.ask('norm', 0, 3, [64, 128]);
  const seen: unknown[] = [];
  const first = slot.serve(0, (kernel, args) => seen.push([kernel, args]));
  expect(seen).toEqual([['norm', [0, 3, 64, 128]]]);
  expect(slot.finished(1)).toBe(true);
  slot.ask('linear', 0, 4, []);
  slot.serve(first, () => {
    throw new WebAssembly.RuntimeError('unreachable');
  });
  expect(slot.finished(1)).toBe(false);
});

test('what nobody does is not finished, nor is what is asked after it', () => {
  const slot = new KernelSlot(memory, 1);
  for (let time = 0; time < 3; time++) {
    slot.ask('norm', 0, 3, []);
    expect(slot.finished(1)).toBe(false);
  }
});
