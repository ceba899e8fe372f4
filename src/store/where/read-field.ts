import type { Meta, MetaValue } from '../../protocol/store-contract';

/**
 * A function that reads a field of meta; undefined when it is missing. A top-level field of the
 * whole name comes first; else dots lead into objects, and never into arrays.
 */
export function fieldReader(field: string): (meta: Meta) => MetaValue | undefined {
  const readWhole = propertyReader(field);
  if (!field.includes('.')) return readWhole;
  const steps = field.split('.').map(propertyReader);
  return (meta) => {
    const whole = readWhole(meta);
    if (whole !== undefined) return whole;
    let value: MetaValue | undefined = meta;
    for (const step of steps) {
      if (!isObject(value)) return undefined;
      value = step(value);
    }
    return value;
  };
}

/** Meta comes from structured cloning, so only `Object.prototype` could lend it a property. */
function propertyReader(name: string): (object: Meta) => MetaValue | undefined {
  if (!(name in Object.prototype)) return (object) => object[name];
  return (object) => (Object.hasOwn(object, name) ? object[name] : undefined);
}

function isObject(value: MetaValue | undefined): value is Meta {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
