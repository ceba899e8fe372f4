import { expect, test } from 'vitest';
import { timesByKind, type CallFrame, type CpuProfile } from './cpu-profile.mjs';
import { WAITING, workKind } from './work-kinds.mjs';

const frame = (functionName: string, url = ''): CallFrame => ({
  functionName,
  url,
  lineNumber: 0,
  columnNumber: 0,
});
const byUrl = ({ url }: CallFrame): string => url;
const kindOf = (...stack: readonly CallFrame[]): string => workKind(stack, byUrl);

const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('a', 'src/runtime/image-feeds.ts'), children: [4] },
    { id: 4, callFrame: frame('b', 'src/preprocess/resize-passes.ts') },
  ],
  samples: [2, 4, 3, 4, 2],
  timeDeltas: [50_000, 1000, 2000, 4000, 8000],
};

test('gives each sample the time until the next, and none before the first', () => {
  const times = timesByKind(profile, ([leaf]) => leaf?.functionName ?? '');
  expect(Object.fromEntries(times)).toEqual({ '(idle)': 1, a: 4, b: 2 + 8 });
});

test('adds up by kind', () => {
  const times = timesByKind(profile, (stack) => workKind(stack, byUrl));
  expect(Object.fromEntries(times)).toEqual({ waiting: 1, packing: 4, resizing: 10 });
});

test('makes nothing of a profile without samples', () => {
  expect(timesByKind({ nodes: profile.nodes }, () => 'x').size).toBe(0);
});

test("knows V8's states and the browser's functions by name", () => {
  expect(kindOf(frame('(idle)'), frame('(root)'))).toBe(WAITING);
  expect(kindOf(frame('getImageData'), frame('read', 'src/store/store.ts'))).toBe('reading pixels');
  // Ours of that name is another.
  expect(kindOf(frame('digest', 'src/store/store.ts'))).toBe('storing');
});

test('takes WASM and natives for what calls them', () => {
  const wasm = frame('wasm-function[0]', 'wasm://wasm/5a738226');
  expect(kindOf(wasm, frame('resize', 'src/preprocess/wasm-resize.ts'))).toBe('resizing');
  expect(kindOf(wasm, wasm, frame('run', 'src/runtime/kernels/kernel.ts'))).toBe(
    'tower: own kernels',
  );
  expect(kindOf(frame('f', 'http://localhost/ort/ort-wasm-simd-threaded.wasm'))).toBe(
    'tower: ONNX Runtime',
  );
  expect(kindOf(frame('put'), frame('write', 'src/store/write-change.ts'))).toBe('storing');
});

test('tells a thread of our kernels that waits from one that computes', () => {
  const serve = frame('serve', 'src/runtime/kernels/kernel-slots.ts');
  expect(kindOf(serve, frame('serveKernel', 'src/runtime/kernels/kernel-thread.ts'))).toBe(WAITING);
  expect(kindOf(frame('linear', 'wasm://wasm/5a738226'), serve)).toBe('tower: own kernels');
});

test('does not look behind code of ours', () => {
  const called = frame('next', 'src/runtime/batcher.ts');
  expect(kindOf(called, frame('encode', 'src/protocol/rpc.ts'))).toBe('other code');
  expect(kindOf(frame('then'), frame('(root)'))).toBe('other code');
});
