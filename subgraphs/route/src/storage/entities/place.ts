import { p } from '@mikro-orm/postgresql';

/** Where a visit takes place: the same columns in orders and stops. */
export function placeColumns() {
  return {
    placeName: p.string().nullable(),
    addressLines: p.array(),
    postalCode: p.string().nullable(),
    countryCode: p.string(),
    latitude: p.double().$type<number>(),
    longitude: p.double().$type<number>(),
    instructions: p.text().nullable(),
  };
}
