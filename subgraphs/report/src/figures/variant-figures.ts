import type { Figure } from './figure.ts';

const assigned = { plus: ['variant_assigned_orders'] } as const;
const days = { plus: ['variant_days'] } as const;

/** Figures about what each variant of an experiment planned for the depot-days that were its own. */
export const variantFigures = {
  variantDays: {
    title: 'Depot-days',
    unit: 'COUNT',
    definition: 'Days of depots that were planned by one variant as a whole.',
    shape: 'total',
    total: days,
    evidence: null,
  },
  variantCost: {
    title: 'Planned cost',
    unit: 'MONEY',
    definition: 'Cost of the planned routes.',
    shape: 'total',
    total: { plus: ['variant_cost'] },
    evidence: null,
  },
  variantCostPerOrder: {
    title: 'Planned cost per order',
    unit: 'MONEY',
    definition: 'Cost of the planned routes ÷ orders that they carry.',
    shape: 'ratio',
    numerator: { plus: ['variant_cost'] },
    denominator: assigned,
    evidence: null,
  },
  variantDistancePerOrder: {
    title: 'Planned distance per order',
    unit: 'METERS',
    definition: 'Distance of the planned routes ÷ orders that they carry.',
    shape: 'ratio',
    numerator: { plus: ['variant_distance_meters'] },
    denominator: assigned,
    evidence: null,
  },
  variantTimePerOrder: {
    title: 'Planned time per order',
    unit: 'SECONDS',
    definition: 'Time of the planned routes from start to end ÷ orders that they carry.',
    shape: 'ratio',
    numerator: { plus: ['variant_duration_seconds'] },
    denominator: assigned,
    evidence: null,
  },
  variantUnassigned: {
    title: 'Left out',
    unit: 'RATIO',
    definition: 'Orders without a route ÷ orders of the day.',
    shape: 'ratio',
    numerator: { plus: ['variant_unassigned_orders'] },
    denominator: { plus: ['variant_assigned_orders', 'variant_unassigned_orders'] },
    evidence: null,
  },
  variantVehicles: {
    title: 'Vehicles per day',
    unit: 'COUNT',
    definition: 'Vehicles with a route ÷ depot-days.',
    shape: 'ratio',
    numerator: { plus: ['variant_vehicles'] },
    denominator: days,
    evidence: null,
  },
  variantComputeTime: {
    title: 'Computing time per day',
    unit: 'SECONDS',
    definition: 'Time that the algorithm took ÷ depot-days.',
    shape: 'ratio',
    numerator: { plus: ['variant_compute_seconds'] },
    denominator: days,
    evidence: null,
  },
} as const satisfies Record<string, Figure>;
