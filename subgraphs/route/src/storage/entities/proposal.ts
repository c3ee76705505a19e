import type { OrderKind } from './order.ts';

/** What a run proposes, as stored in the run's row. Instants are RFC 3339 text. */
export type Proposal = {
  currency: string;
  routes: ProposalRoute[];
  unassigned: ProposalUnassigned[];
  metrics: ProposalMetrics;
};

export type ProposalRoute = {
  /** The published route that this one is, locked: publishing leaves it alone. Absent for every other. */
  keptRouteId?: string;
  shiftId: string;
  vehicleId: string;
  driverId: string;
  vehicleName: string;
  registrationPlate: string;
  driverName: string;
  capacityWeightKg: number;
  plannedStart: string;
  plannedEnd: string;
  metrics: ProposalMetrics;
  stops: ProposalStop[];
};

export type ProposalStop = {
  kind: OrderKind;
  orders: ProposalOrder[];
  window: { start: string; end: string } | null;
  arrival: string;
  departure: string;
  serviceSeconds: number;
  leg: { distanceMeters: number; durationSeconds: number; isEstimated: boolean };
};

/** `version` is the order's when the run read it: an order that has changed since is left out. */
export type ProposalOrder = { id: string; version: number };

export type ProposalUnassigned = ProposalOrder & { reasons: UnassignedReason[] };

export type UnassignedReason = {
  code: UnassignedCode;
  message: string;
  /** With DISPLACED: the least harmful way to serve the order all the same. */
  displacement?: Displacement;
};

/** `costDelta` is in the unit of the run's objectives. */
export type Displacement = { vehicleId: string; orderIds: string[]; costDelta: number };

export const UNASSIGNED_CODES = [
  'CAPABILITY',
  'CAPACITY',
  'TIME_WINDOW',
  'SHIFT_DURATION',
  'MAX_DISTANCE',
  'MAX_DURATION',
  'MAX_VISITS',
  'LOCKED',
  'DISPLACED',
  'NO_VEHICLE',
] as const;
export type UnassignedCode = (typeof UNASSIGNED_CODES)[number];

/** `cost` is a decimal with two digits, in the proposal's currency. */
export type ProposalMetrics = {
  distanceMeters: number;
  drivingSeconds: number;
  serviceSeconds: number;
  waitingSeconds: number;
  cost: string;
};
