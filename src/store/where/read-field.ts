import type { Meta, MetaValue } from '../../protocol/store-contract';

/**
 * A function that reads a field of meta; undefined when it is missing. A top-level field of the
 * whole name comes first; else dots lead into objects, and never into arrays.
 */
export function fieldReader(field: string): (meta: Meta) => MetaValue | undefined {
  const readWhole = propertyReader(field);
  const path = pathOf(field);
  if (path === null) return readWhole;
  const readFirst = propertyReader(path.first);
  return (meta) => {
    const whole = readWhole(meta);
    return whole === undefined ? path.readRest(readFirst(meta)) : whole;
  };
}

/** Where a field is to be looked for when no top-level field has its whole name. */
export interface FieldPath {
  /** A top-level field. */
  readonly first: string;
  /** Of the value of that field; undefined where there is nothing. */
  readonly readRest: (value: MetaValue | undefined) => MetaValue | undefined;
}

/** Null for a name without dots. */
export function pathOf(field: string): FieldPath | null {
  const [first = '', ...rest] = field.split('.');
  if (rest.length === 0) return null;
  const steps = rest.map(propertyReader);
  return {
    first,
    readRest: (value) => {
      for (const step of steps) {
        if (!isObject(value)) return undefined;
        value = step(value);
      }
      return value;
    },
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
