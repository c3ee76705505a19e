import { readFileSync } from 'node:fs';
import type { Point } from '../geo.ts';

/** The columns of places.tsv. */
export const PLACE_COLUMNS = [
  'metro',
  'postal_code',
  'town',
  'region',
  'country',
  'latitude',
  'longitude',
  'weight',
  'spread_meters',
] as const;

/** A metropolitan area of places.tsv. */
export type Metro = 'chicago' | 'twin-cities' | 'lyon';

/** A ZIP code or a town: addresses lie around it. */
export type Place = {
  metro: Metro;
  postalCode: string | null;
  town: string;
  region: string;
  country: 'US' | 'FR';
  point: Point;
  /** How often it is delivered to, compared with the others of its metro. */
  weight: number;
  /** Standard deviation of the addresses around the point. */
  spreadMeters: number;
};

/** All places, in the order of the file. */
export function readPlaces(): Place[] {
  const [, ...lines] = readFileSync(new URL('places.tsv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [metro, postalCode, town, region, country, latitude, longitude, weight, spread] =
      line.split('\t');
    return {
      metro: metro as Metro,
      postalCode: postalCode === '' ? null : (postalCode ?? null),
      town: town ?? '',
      region: region ?? '',
      country: country as Place['country'],
      point: { latitude: Number(latitude), longitude: Number(longitude) },
      weight: Number(weight),
      spreadMeters: Number(spread),
    };
  });
}
