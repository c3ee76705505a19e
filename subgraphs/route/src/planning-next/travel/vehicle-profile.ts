/** What decides how a vehicle gets through the streets; the names are those of the schema's `VehicleKind`. */
export const VEHICLE_PROFILES = [
  'CARGO_BIKE',
  'CAR',
  'VAN',
  'RIGID_TRUCK',
  'ARTICULATED_TRUCK',
] as const;

export type VehicleProfile = (typeof VEHICLE_PROFILES)[number];
