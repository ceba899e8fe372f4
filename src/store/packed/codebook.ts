/** What codes of a collection have in common: without it they mean nothing. */
import { BinaryCoder } from '../../core/codes/binary-code';
import { damaged } from '../segment/segment-format';

/** The mean of the rows, float32, behind the seed of the rotation, uint32; little-endian. */
const SEED_BYTES = 4;

export class Codebook {
  readonly mean: Float32Array<ArrayBuffer>;
  readonly seed: number;
  readonly coder: BinaryCoder;

  /** @param seed any 32 bits */
  constructor(mean: Float32Array<ArrayBuffer>, seed: number) {
    this.mean = mean;
    this.seed = seed >>> 0;
    this.coder = new BinaryCoder(mean, this.seed);
  }

  static bytesFor(dimension: number): number {
    return SEED_BYTES + dimension * Float32Array.BYTES_PER_ELEMENT;
  }

  /** Throws `storage` for bytes of another dimension. */
  static decode(bytes: Uint8Array, dimension: number): Codebook {
    if (bytes.length !== Codebook.bytesFor(dimension)) {
      throw damaged(`its codebook has ${bytes.length} bytes, for dimension ${dimension}`);
    }
    const own = bytes.slice();
    const seed = new DataView(own.buffer).getUint32(0, true);
    return new Codebook(new Float32Array(own.buffer.slice(SEED_BYTES)), seed);
  }

  equals({ seed, mean }: Codebook): boolean {
    return (
      seed === this.seed &&
      mean.length === this.mean.length &&
      mean.every((value, index) => value === this.mean[index])
    );
  }

  encode(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Codebook.bytesFor(this.mean.length));
    new DataView(bytes.buffer).setUint32(0, this.seed, true);
    bytes.set(
      new Uint8Array(this.mean.buffer, this.mean.byteOffset, this.mean.byteLength),
      SEED_BYTES,
    );
    return bytes;
  }
}
