import type { GeoPoint } from '../planning/travel/geo-point.ts';

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';
const BITS_PER_CHARACTER = 5;

/**
 * Nine characters: cells of 4.8 by 4.8 metres at the equator, narrower elsewhere. That is finer than
 * any geocoder, so one address stays one cell, and a cell never has two sides of a street in it.
 */
export const CELL_CHARACTERS = 9;

/** The geohash of the cell that the point is in (Niemeyer 2008: halves of longitude and latitude in turn). */
export function cellOf({ latitude, longitude }: GeoPoint): string {
  const along = { low: -180, high: 180, value: longitude };
  const up = { low: -90, high: 90, value: latitude };
  let cell = '';
  let turn = 0;
  while (cell.length < CELL_CHARACTERS) {
    let character = 0;
    for (let bit = 0; bit < BITS_PER_CHARACTER; bit++) {
      const range = turn++ % 2 === 0 ? along : up;
      const middle = (range.low + range.high) / 2;
      const isUpper = range.value >= middle;
      range[isUpper ? 'low' : 'high'] = middle;
      character = character * 2 + (isUpper ? 1 : 0);
    }
    cell += ALPHABET[character]!;
  }
  return cell;
}

/** The middle of a cell. */
export function centreOf(cell: string): GeoPoint {
  const longitude = { low: -180, high: 180 };
  const latitude = { low: -90, high: 90 };
  let turn = 0;
  for (const character of cell) {
    const value = ALPHABET.indexOf(character);
    for (let bit = BITS_PER_CHARACTER - 1; bit >= 0; bit--) {
      const range = turn++ % 2 === 0 ? longitude : latitude;
      const middle = (range.low + range.high) / 2;
      range[(value >> bit) & 1 ? 'low' : 'high'] = middle;
    }
  }
  return {
    latitude: (latitude.low + latitude.high) / 2,
    longitude: (longitude.low + longitude.high) / 2,
  };
}
