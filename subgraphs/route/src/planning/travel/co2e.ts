import type { VehicleProfile } from './vehicle-profile.ts';

/** Diesel from well to wheels, fuel production included (EN 16258:2012, table A.1). */
const GRAMS_PER_LITRE_OF_DIESEL = 3_240;

/** Electricity of the European mix, upstream included, rounded. */
const GRAMS_PER_KILOWATT_HOUR = 300;

/**
 * CO2 equivalents from well to wheels of a vehicle of this kind whose own consumption nobody has
 * told: what such a vehicle takes on delivery rounds, times the factor of its energy. Good for
 * comparing plans, not for an audit.
 */
export const CO2E_GRAMS_PER_KM: Readonly<Record<VehicleProfile, number>> = {
  // Electrically assisted, 2 kWh per 100 km.
  CARGO_BIKE: (2 / 100) * GRAMS_PER_KILOWATT_HOUR,
  CAR: (6.5 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
  VAN: (9 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
  RIGID_TRUCK: (25 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
  ARTICULATED_TRUCK: (32 / 100) * GRAMS_PER_LITRE_OF_DIESEL,
};
