/**
 * The state of a streaming hash, in a form that shows damage: hash-wasm loads any bytes of the
 * right length, and a flipped bit would give a wrong digest for a file that is right.
 *
 * Layout: 32 bytes SHA-256 of what follows; 8 bytes number of bytes hashed, little-endian; state.
 */
import { requireSubtle } from './chunk-digest';

const SEAL = 32;
const HEADER = SEAL + 8;

/** @param hashed bytes that went into the state */
export async function sealState(
  state: Uint8Array,
  hashed: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = new Uint8Array(HEADER + state.length);
  new DataView(sealed.buffer).setBigUint64(SEAL, BigInt(hashed), true);
  sealed.set(state, HEADER);
  sealed.set(await sealOf(sealed));
  return sealed;
}

/** The state; null when it is damaged, or belongs to another number of bytes. */
export async function openState(
  sealed: Uint8Array<ArrayBuffer>,
  hashed: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (sealed.length < HEADER) return null;
  const seal = await sealOf(sealed);
  if (seal.some((byte, index) => byte !== sealed[index])) return null;
  const view = new DataView(sealed.buffer, sealed.byteOffset);
  return view.getBigUint64(SEAL, true) === BigInt(hashed) ? sealed.slice(HEADER) : null;
}

async function sealOf(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await requireSubtle().digest('SHA-256', sealed.subarray(SEAL)));
}
