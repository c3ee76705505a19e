import type { VehicleProfile } from './vehicle-profile.ts';

/** Mineral diesel from well to wheels, fuel production included (EN 16258:2012, which ISO 14083:2023 replaced). */
const GRAMS_PER_LITRE_OF_DIESEL = 3_240;

/**
 * Of the European mix at the socket: generation alone was 264 g in 2022 and 214 g in 2023 (European
 * Environment Agency: a fall by 19 %, to 58 % below the 510 g of 1990); fuel supply and losses of the
 * grid come on top. Rounded.
 */
const GRAMS_PER_KILOWATT_HOUR = 300;

/**
 * CO2 equivalents from well to wheels of a vehicle of this kind whose own consumption nobody has
 * told: a round figure of what such a vehicle takes on delivery rounds, from no source but
 * experience, times the factor of its energy. Good for comparing plans, not for an audit.
 */
export const CO2E_GRAMS_PER_KM: Readonly<Record<VehicleProfile, number>> = {
  // Electrically assisted, 2 kWh per 100 km.
  CARGO_BIKE: (2 / 100) * GRAMS_PER_KILOWATT_HOUR,
  CAR: (6.5 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
  VAN: (9 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
  RIGID_TRUCK: (25 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
  ARTICULATED_TRUCK: (32 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
};
