/** Kinds of vehicles that the generators use; the schema knows one more. */
export type VehicleKind = 'CARGO_BIKE' | 'CAR' | 'VAN' | 'RIGID_TRUCK';

/** What a kind can carry, costs and manages in a day. */
export type VehicleKindFacts = {
  weightKg: number;
  volumeM3: number;
  parcels: number | null;
  /** Visits of a full day's route. */
  stopsPerDay: number;
  /** Mean weight of what one visit brings: about two thirds of the capacity at the start of a day. */
  visitWeightKg: number;
  serviceSeconds: number;
  costPerKm: number;
  costPerHour: number;
  costPerDay: number;
  /** How long the first kilometre in town takes; longer legs are faster, see `travel.ts`. */
  firstKilometreSeconds: number;
  sustainedKmPerHour: number;
};

/** Facts by kind; costs in the organization's currency. */
export const VEHICLE_KINDS: Readonly<Record<VehicleKind, VehicleKindFacts>> = {
  CARGO_BIKE: {
    weightKg: 150,
    volumeM3: 1.8,
    parcels: 60,
    stopsPerDay: 40,
    visitWeightKg: 2.2,
    serviceSeconds: 120,
    costPerKm: 0.06,
    costPerHour: 21,
    costPerDay: 9,
    firstKilometreSeconds: 300,
    sustainedKmPerHour: 16,
  },
  CAR: {
    weightKg: 380,
    volumeM3: 1.6,
    parcels: 80,
    stopsPerDay: 60,
    visitWeightKg: 3.6,
    serviceSeconds: 125,
    costPerKm: 0.24,
    costPerHour: 24,
    costPerDay: 18,
    firstKilometreSeconds: 210,
    sustainedKmPerHour: 110,
  },
  VAN: {
    weightKg: 1050,
    volumeM3: 11.5,
    parcels: 220,
    stopsPerDay: 104,
    visitWeightKg: 6.2,
    serviceSeconds: 118,
    costPerKm: 0.38,
    costPerHour: 26,
    costPerDay: 42,
    firstKilometreSeconds: 230,
    sustainedKmPerHour: 100,
  },
  RIGID_TRUCK: {
    weightKg: 5200,
    volumeM3: 36,
    parcels: null,
    stopsPerDay: 26,
    visitWeightKg: 125,
    serviceSeconds: 540,
    costPerKm: 0.74,
    costPerHour: 31,
    costPerDay: 88,
    firstKilometreSeconds: 270,
    sustainedKmPerHour: 80,
  },
};
