/** The language of `where`: plain data that can be sent, stored and compared. See docs/searching.md. */

/**
 * Conditions on the meta of an item; all must hold. A key names a field of meta, or with dots what
 * lies in it (`'camera.make'`). The keys `and`, `or` and `not` with an array of filters combine:
 * all of these, at least one, none of them. With anything else they are fields of that name, as
 * the condition on a field is never an array.
 */
export type Where = Readonly<Record<string, WhereCondition | readonly Where[]>>;

/** A value that must be equal, or operators that must all hold. */
export type WhereCondition = WhereValue | WhereOperators;

/** What a value in meta is compared with. A scalar never equals an array that contains it. */
export type WhereValue = string | number | boolean | null | WhereDate;

/**
 * A point in time. It compares with numbers in meta as milliseconds since 1970 (UTC), and with
 * strings that are ISO 8601 dates, `2024-05-01` or `2024-05-01T14:30:00.000+02:00`; without an
 * offset they count as UTC. JSON has no `Date`: the form with `date`, such a string, survives it.
 */
export type WhereDate = Date | { readonly date: string };

/** Bounds of one type: numbers, strings (by code unit) or dates. */
export interface RangeCondition {
  readonly gt?: number | string | WhereDate;
  readonly gte?: number | string | WhereDate;
  readonly lt?: number | string | WhereDate;
  readonly lte?: number | string | WhereDate;
}

/** At least one. A field that is missing meets only `exists: false`, and `not` of what it does not meet. */
export interface WhereOperators extends RangeCondition {
  /** Equal to one of these. */
  readonly in?: readonly WhereValue[];
  /** Whether the field is there; null is. */
  readonly exists?: boolean;
  /** An array that contains it. */
  readonly has?: WhereValue;
  /** An array that contains at least one of them. */
  readonly hasAny?: readonly WhereValue[];
  /** An array that contains all of them. */
  readonly hasAll?: readonly WhereValue[];
  /** Does not meet this condition; missing fields do not. */
  readonly not?: WhereCondition;
  /** A place `{ lat, lon }` in this box. */
  readonly within?: GeoBox;
  /** A place `{ lat, lon }` at most so far away. */
  readonly near?: GeoCircle;
}

/** A place, in degrees: `lat` −90…90, `lon` −180…180. */
export interface GeoPoint {
  readonly lat: number;
  readonly lon: number;
}

/** In degrees, edges included; with `west` greater than `east` it crosses the antimeridian. */
export interface GeoBox {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** What lies within `radius` metres along the surface of a sphere with the earth's mean radius. */
export interface GeoCircle extends GeoPoint {
  readonly radius: number;
}
