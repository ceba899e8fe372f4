/** The memory that kernels work on: addresses are handed out, one behind the other, and never move. */
import { PhotoglotError } from '../../errors';

const PAGE_BYTES = 65_536;
const MAX_PAGES = 65_536;
/** Taken ahead of need at most. */
const MOST_SPARE_BYTES = 8 * 2 ** 20;
/** No place has the address 0, which stands for “none”; and all lie on lines of the processor's cache. */
const ALIGNMENT = 64;

/** What lies behind a {@link KernelMemory}, and can grow: `buffer` may be another one afterwards. */
interface GrowingBuffer {
  readonly buffer: ArrayBufferLike;
  /** Throws a `RangeError` where there is no room. */
  grow(bytes: number): void;
}

/** One memory of at most 4 GB. Places are not given back: the whole is dropped. */
export class KernelMemory {
  readonly #growing: GrowingBuffer;
  #end: number;

  /** @param start the first address to hand out; several users of one shared memory have their own */
  constructor(growing: GrowingBuffer, start = ALIGNMENT) {
    this.#growing = growing;
    this.#end = start;
  }

  /** All of it. Views from before a {@link take} may be stale. */
  get buffer(): ArrayBufferLike {
    return this.#growing.buffer;
  }

  /** The address of so many bytes, a multiple of 64. Throws `too-large`. */
  take(bytes: number): number {
    const address = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    this.#growTo(address + bytes);
    this.#end = address + bytes;
    return address;
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.buffer, address, length);
  }

  #growTo(bytes: number): void {
    const has = this.buffer.byteLength;
    if (bytes <= has) return;
    // By a quarter, as an engine that cannot grow in place copies everything each time; a large memory
    // grows seldom.
    const step = Math.min(has / 4, MOST_SPARE_BYTES);
    const roomy = Math.min(MAX_PAGES * PAGE_BYTES, Math.max(bytes, has + step));
    if (this.#tryGrow(roomy - has) === null) return;
    const failure = this.#tryGrow(bytes - has);
    if (failure === null) return;
    throw new PhotoglotError(
      'too-large',
      `There is no memory for ${String(Math.ceil(bytes / 1e6))} MB of vectors.`,
      { cause: failure.thrown },
    );
  }

  #tryGrow(bytes: number): { readonly thrown: unknown } | null {
    try {
      this.#growing.grow(bytes);
      return null;
    } catch (thrown) {
      return { thrown };
    }
  }
}

/** A place that moves when it becomes too small; by doubling, as places are not given back. */
export class GrowingPlace {
  readonly #memory: KernelMemory;
  #address = 0;
  #bytes = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** The address of room for so many bytes. What was there before is lost when it moves. Throws `too-large`. */
  of(bytes: number): number {
    if (bytes > this.#bytes) {
      const roomy = Math.max(bytes, 2 * this.#bytes);
      this.#address = this.#memory.take(roomy);
      this.#bytes = roomy;
    }
    return this.#address;
  }
}

/** Of a WebAssembly memory, shared or not. */
export class WasmBuffer implements GrowingBuffer {
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  grow(bytes: number): void {
    this.#memory.grow(Math.ceil(bytes / PAGE_BYTES));
  }
}

/** Where there is no WebAssembly: grows by copying. */
export class PlainBuffer implements GrowingBuffer {
  #bytes = new Uint8Array(PAGE_BYTES);

  get buffer(): ArrayBufferLike {
    return this.#bytes.buffer;
  }

  grow(bytes: number): void {
    const grown = new Uint8Array(this.#bytes.length + Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** A WebAssembly memory as the kernels import it; throws a `RangeError` where there is none. */
export function createWasmMemory(shared: boolean): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared });
}
