/** Whether a place lies in a box or a circle. Places are `{ lat, lon }` in degrees. */
import type { MetaValue } from '../../protocol/store-contract';
import type { GeoBox, GeoCircle, GeoPoint } from '../../protocol/where';

/** Mean radius R₁ of the WGS 84 ellipsoid, in metres. */
const EARTH_RADIUS = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Edges included. A pole, which all meridians meet, is in every box that reaches it. */
export function boxTest({ south, west, north, east }: GeoBox): (value: MetaValue) => boolean {
  const isEastOf = (lon: number): boolean => lon >= west && (west > east || lon <= east);
  const isWestOf = (lon: number): boolean => west > east && lon <= east;
  const isBetween = (lon: number): boolean => isEastOf(lon) || isWestOf(lon);
  return (value) => {
    if (!isPoint(value)) return false;
    const { lat, lon } = value;
    if (lat < south || lat > north) return false;
    if (Math.abs(lat) === 90) return true;
    // The antimeridian has two names.
    return isBetween(lon) || (Math.abs(lon) === 180 && isBetween(-lon));
  };
}

/**
 * By great-circle distance on a sphere, which differs from that on the ellipsoid by 0.6 % at most.
 * The haversine of the angle is compared, so that no arc sine is needed per place.
 */
export function circleTest({ lat, lon, radius }: GeoCircle): (value: MetaValue) => boolean {
  const angle = Math.min(radius / EARTH_RADIUS, Math.PI);
  // Rounding must not leave out the antipodes of a circle that is the whole earth.
  const limit = angle < Math.PI ? haversine(angle) : Infinity;
  const latDegrees = angle / RADIANS;
  const cosine = cosineOf(lat);
  return (value) => {
    if (!isPoint(value)) return false;
    const north = value.lat - lat;
    // Most places are ruled out by this alone; a little more than the limit, for rounding.
    if (Math.abs(north) > latDegrees + 1e-9) return false;
    // The antimeridian's two names are no way apart.
    const east = Math.abs(value.lon - lon) === 360 ? 0 : value.lon - lon;
    const distance =
      haversine(north * RADIANS) + cosine * cosineOf(value.lat) * haversine(east * RADIANS);
    return distance <= limit;
  };
}

/** sin²(angle / 2), of radians. */
function haversine(angle: number): number {
  const sine = Math.sin(angle / 2);
  return sine * sine;
}

/** Of degrees. Exactly 0 at the poles, where no longitude makes a difference. */
function cosineOf(lat: number): number {
  return Math.abs(lat) === 90 ? 0 : Math.cos(lat * RADIANS);
}

function isPoint(value: MetaValue): value is Readonly<Record<string, MetaValue>> & GeoPoint {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { lat, lon } = value as Readonly<Record<string, MetaValue>>;
  return isDegrees(lat, 90) && isDegrees(lon, 180);
}

function isDegrees(value: MetaValue | undefined, most: number): value is number {
  return typeof value === 'number' && value >= -most && value <= most;
}
