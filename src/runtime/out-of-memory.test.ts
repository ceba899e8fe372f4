import { describe, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { isOutOfMemory } from './out-of-memory';

describe('takes for want of memory', () => {
  test.each([
    // ONNX Runtime 1.30.
    'failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc',
    "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc",
    "Can't create a session. failed to allocate a buffer of size 2147483648.",
    'Failed to allocate memory for requested buffer of size 4280000000',
    'safeint.h:17 static void SafeIntExceptionHandler::SafeIntOnOverflow() Integer overflow',
    // Engines.
    'WebAssembly.Memory.grow(): Maximum memory size exceeded',
    'WebAssembly.Memory(): could not allocate memory',
    'WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance',
    'Array buffer allocation failed',
    'out of memory',
    // Emscripten.
    'Aborted(OOM)',
    'Aborted(). Build with -sASSERTIONS for more info.',
    'Aborted(native code called abort())',
  ])('%s', (message) => {
    expect(isOutOfMemory(new Error(message))).toBe(true);
  });

  test('a buffer whose length is too large', () => {
    let thrown: unknown = null;
    try {
      new Uint8Array(Number.MAX_SAFE_INTEGER);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RangeError);
    expect(isOutOfMemory(thrown)).toBe(true);
  });

  test('memory that cannot grow', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    let thrown: unknown = null;
    try {
      memory.grow(1);
    } catch (error) {
      thrown = error;
    }
    expect(isOutOfMemory(thrown)).toBe(true);
  });

  test('what has it as a cause', () => {
    const cause = new Error('std::bad_alloc');
    expect(isOutOfMemory(new PhotoglotError('internal', 'failed', { cause }))).toBe(true);
  });
});

describe('takes for something else', () => {
  test.each([
    new Error('Aborted(CompileError: WebAssembly.instantiate(): expected magic word)'),
    new Error("Can't create a session. ERROR_CODE: 7, ERROR_MESSAGE: Failed to load model"),
    new Error('Invalid array length'),
    new RangeError('offset is out of bounds'),
    new Error(''),
    { message: 'std::bad_alloc' },
    5_249_432,
    null,
    undefined,
  ])('%s', (thrown) => {
    expect(isOutOfMemory(thrown)).toBe(false);
  });

  test('a circle of causes', () => {
    const error = new Error('round');
    error.cause = error;
    expect(isOutOfMemory(error)).toBe(false);
  });
});
