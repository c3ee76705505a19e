import type { Measure } from './measures.ts';
import { measures } from './measures.ts';

/**
 * What is counted straight from what other rooms publish: planned shifts (`s` is a row of
 * fleet_published.shifts) and what variants of an experiment planned for a depot and day (`o` of
 * route_published.experiment_outcomes). Few rows a day, so that no roll-up is kept of them.
 */
const unrolled = {
  shift_seconds: {
    facts: 'shifts',
    sql: 'sum(extract(epoch from s.planned_end - s.planned_start))',
  },
  variant_days: { facts: 'outcomes', sql: 'count(*)' },
  variant_cost: { facts: 'outcomes', sql: 'sum(o.cost)' },
  variant_distance_meters: { facts: 'outcomes', sql: 'sum(o.distance_meters)' },
  variant_duration_seconds: { facts: 'outcomes', sql: 'sum(o.duration_seconds)' },
  variant_vehicles: { facts: 'outcomes', sql: 'sum(o.vehicle_count)' },
  variant_assigned_orders: { facts: 'outcomes', sql: 'sum(o.assigned_count)' },
  variant_unassigned_orders: { facts: 'outcomes', sql: 'sum(o.unassigned_count)' },
  variant_compute_seconds: { facts: 'outcomes', sql: 'sum(o.compute_seconds)' },
} as const;

/** Every name that a figure may be made of. */
export type MeasureKey = keyof typeof measures | keyof typeof unrolled;

/** What a measure is counted over. */
export type Facts = 'stops' | 'routes' | 'shifts' | 'outcomes';

/** The measure's SQL over single facts, and what it is counted over. */
export function measureOf(key: MeasureKey): {
  readonly facts: Facts;
  readonly sql: string;
  readonly isHistogram: boolean;
} {
  if (key in unrolled) return { ...unrolled[key as keyof typeof unrolled], isHistogram: false };
  const { facts, sql, histogram }: Measure = measures[key as keyof typeof measures];
  return { facts, sql, isHistogram: histogram === true };
}
