/** Which of a tower's variants a device runs. */
import { PhotoglotError } from '../errors';
import type { Backend, TowerBackends, TowerVariant } from './manifest';

/** What there is, and what was asked for. */
export interface VariantWish {
  readonly device: Backend;
  /** Of the WebGPU adapter; empty on WASM. */
  readonly features: ReadonlySet<string>;
  /** Number format; undefined for the best that runs. */
  readonly dtype: string | undefined;
}

/** Whether the device runs it, and it is of the number format that was asked for, if one was. */
export function fitsDevice(
  variant: TowerVariant,
  { features, dtype }: Omit<VariantWish, 'device'>,
): boolean {
  if (dtype !== undefined && variant.dtype !== dtype) return false;
  return (variant.needs ?? []).every((feature) => features.has(feature));
}

/** The first variant that fits; throws `backend-unavailable` naming those there are. */
export function pickVariant(backends: TowerBackends, wish: VariantWish): TowerVariant {
  const { device, features, dtype } = wish;
  const variants = backends[device];
  const found = variants.find((variant) => fitsDevice(variant, { features, dtype }));
  if (found !== undefined) return found;
  const offered = variants.map(({ dtype: name, needs = [] }) =>
    needs.length === 0 ? name : `${name} (needs ${needs.join(', ')})`,
  );
  const asked = dtype === undefined ? '' : ` in "${dtype}"`;
  throw new PhotoglotError(
    'backend-unavailable',
    `The model cannot run on the device "${device}"${asked} here. It offers: ${offered.join(', ')}.`,
  );
}
