import { personName } from '../fleet/crews.ts';
import { NAMES } from '../fleet/names.ts';
import { shifted } from '../geo.ts';
import type { Point } from '../geo.ts';
import type { Place } from '../places/places.ts';
import type { Random } from '../random.ts';

/** Where a parcel goes. */
export type Address = {
  point: Point;
  name: string;
  addressLines: string[];
  postalCode: string | null;
  countryCode: string;
  instructions: string | null;
};

/** Draws addresses from a territory, more from its larger places. */
export function addressSource(territory: readonly Place[]): (random: Random) => Address {
  const bounds: number[] = [];
  let total = 0;
  for (const place of territory) bounds.push((total += place.weight));
  return (random) => {
    const drawn = random.next() * total;
    const place = territory[firstAbove(bounds, drawn)];
    if (place === undefined) throw new Error('a territory needs at least one place');
    return addressIn(place, random);
  };
}

function addressIn(place: Place, random: Random): Address {
  const north = bounded(random) * place.spreadMeters;
  const east = bounded(random) * place.spreadMeters;
  const { country, town, region, postalCode } = place;
  const names = NAMES[country];
  const street = random.pick(names.streets);
  const house = random.integer(1, 220) * (country === 'US' ? 11 : 1);
  const isShop = random.chance(0.18);
  return {
    point: shifted(place.point, north, east),
    name: isShop
      ? `${random.pick(names.lastNames)} ${random.pick(names.shops)}`
      : personName(country, random),
    addressLines:
      country === 'US'
        ? [`${house} ${street}`, `${town}, ${region} ${postalCode ?? ''}`.trim()]
        : [`${house} ${street}`, town],
    postalCode,
    countryCode: country,
    instructions: random.chance(0.12) ? random.pick(names.instructions) : null,
  };
}

// Nobody lives three deviations out: that would be the next town, or the lake.
function bounded(random: Random): number {
  return Math.max(-1.8, Math.min(1.8, random.normal(0, 1)));
}

function firstAbove(bounds: readonly number[], value: number): number {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
