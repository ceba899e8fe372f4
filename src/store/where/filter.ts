/**
 * A `where` that has been checked, in one form: plain data without `undefined`, dates or infinite
 * numbers, so that its JSON tells whether two of them are the same.
 */
import type { GeoBox, GeoCircle } from '../../protocol/where';

export type Filter = Combination | FieldFilter;

/** Rows that all, any or none of the parts select. */
export interface Combination {
  readonly kind: 'all' | 'any' | 'none';
  readonly parts: readonly Filter[];
}

/** Rows whose field meets all the tests. */
export interface FieldFilter {
  readonly kind: 'field';
  /** A field of meta, or a path with dots. */
  readonly field: string;
  readonly tests: readonly FieldTest[];
}

export type FieldTest =
  | { readonly kind: 'equals'; readonly literal: Literal }
  | { readonly kind: 'in'; readonly literals: readonly Literal[] }
  | { readonly kind: 'hasAny'; readonly literals: readonly Literal[] }
  | { readonly kind: 'hasAll'; readonly literals: readonly Literal[] }
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'range'; readonly type: 'number' | 'date'; readonly bounds: Bounds<number> }
  | { readonly kind: 'range'; readonly type: 'string'; readonly bounds: Bounds<string> }
  | { readonly kind: 'not'; readonly tests: readonly FieldTest[] }
  | { readonly kind: 'within'; readonly box: GeoBox }
  | { readonly kind: 'near'; readonly circle: GeoCircle };

export type Scalar = string | number | boolean | null;
/** A scalar, or milliseconds since the epoch. */
export type Literal = Scalar | { readonly date: number };

export interface Bounds<Value> {
  readonly gt?: Value;
  readonly gte?: Value;
  readonly lt?: Value;
  readonly lte?: Value;
}

/** Selects every row. */
export const EVERYTHING: Filter = { kind: 'all', parts: [] };

/**
 * How many filters a collection remembers the rows of, so that typing and paging with the same one
 * evaluates it once. They take a bit per row each: 1 MB in all for a million rows.
 */
export const KEPT_SELECTIONS = 8;
