import type { Figure } from './figure.ts';

/** Kilograms × meters in a tonne-kilometre. */
const TONNE_KM = 1_000_000;

const costliest = { worst: 'f.allocated_cost' } as const;
const dirtiest = { worst: 'f.allocated_co2e_grams' } as const;
const transport = { plus: ['emitting_load_weight_meters'], per: TONNE_KM } as const;

/**
 * Figures that a route hands on to its stops: what one stop, and so one partner, cost and emitted.
 * Only stops whose route has ended have a share, so that the denominators count no others.
 */
export const allocatedFigures = {
  allocatedCost: {
    title: 'Allocated cost',
    unit: 'MONEY',
    definition:
      'Planned cost of the finished routes, shared among their stops by the time of each: the leg to it and its planned service.',
    shape: 'total',
    total: { plus: ['allocated_cost'] },
    evidence: costliest,
  },
  allocatedCostPerStop: {
    title: 'Allocated cost per stop',
    unit: 'MONEY',
    definition: 'Allocated cost ÷ stops of finished routes.',
    shape: 'ratio',
    numerator: { plus: ['allocated_cost'] },
    denominator: { plus: ['costed_stops'] },
    evidence: costliest,
  },
  allocatedCostPerOrder: {
    title: 'Allocated cost per order',
    unit: 'MONEY',
    definition: 'Allocated cost ÷ orders due at stops of finished routes.',
    shape: 'ratio',
    numerator: { plus: ['allocated_cost'] },
    denominator: { plus: ['costed_orders'] },
    evidence: { worst: 'f.allocated_cost / nullif(f.order_count, 0)' },
  },
  co2e: {
    title: 'CO2e',
    unit: 'GRAMS',
    definition:
      'Distance × well-to-wheel factor of the vehicle, over finished routes, shared among their stops by load weight × direct distance; calculated following GLEC.',
    shape: 'total',
    total: { plus: ['allocated_co2e_grams'] },
    evidence: dirtiest,
  },
  transportActivity: {
    title: 'Transport activity',
    unit: 'TONNE_KM',
    definition:
      'Load weight × direct distance from the depot, over the stops of finished routes; following GLEC.',
    shape: 'total',
    total: transport,
    evidence: { worst: 'f.load_weight_kg * f.direct_distance_meters' },
  },
  co2eIntensity: {
    title: 'CO2e intensity',
    unit: 'GRAMS_PER_TONNE_KM',
    definition:
      'CO2e ÷ transport activity (load weight × direct distance); calculated following GLEC.',
    shape: 'ratio',
    numerator: { plus: ['allocated_co2e_grams'] },
    denominator: transport,
    evidence: {
      among: 'f.load_weight_kg * f.direct_distance_meters > 0',
      worst: 'f.allocated_co2e_grams / nullif(f.load_weight_kg * f.direct_distance_meters, 0)',
    },
  },
  measuredCo2e: {
    title: 'CO2e from measured distances',
    unit: 'RATIO',
    definition:
      'CO2e that comes from a measured distance and the factor of the vehicle ÷ all CO2e of the finished routes.',
    shape: 'ratio',
    numerator: { plus: ['modeled_co2e_grams'] },
    denominator: { plus: ['co2e_grams'] },
    evidence: null,
  },
  defaultCo2e: {
    title: 'CO2e by default factors',
    unit: 'RATIO',
    definition:
      'CO2e that comes from a planned distance or a default factor ÷ all CO2e of the finished routes.',
    shape: 'ratio',
    numerator: { plus: ['co2e_grams'], minus: ['modeled_co2e_grams'] },
    denominator: { plus: ['co2e_grams'] },
    evidence: null,
  },
} as const satisfies Record<string, Figure>;
