import type { Figure } from './figure.ts';

const stops = (sql: string) => ({ facts: 'stops', sql }) as const;

/** Figures counted over finished stops (`f` is route_published.stop_facts). */
export const stopFigures = {
  stops: {
    title: 'Stops',
    unit: 'COUNT',
    definition: 'Stops that were finished, completed or failed.',
    shape: 'total',
    total: stops('count(*)'),
  },
  failedStops: {
    title: 'Failed stops',
    unit: 'COUNT',
    definition: 'Stops that were finished without success.',
    shape: 'total',
    total: stops(`count(*) filter (where f.outcome = 'FAILED')`),
  },
  orders: {
    title: 'Orders',
    unit: 'COUNT',
    definition: 'Orders due at the finished stops; an order counts once per attempt.',
    shape: 'total',
    total: stops('sum(f.order_count)'),
  },
  onTime: {
    title: 'On time',
    unit: 'RATIO',
    definition:
      'Stops with the actual arrival inside the promised window ÷ completed and failed stops with a promise.',
    shape: 'ratio',
    numerator: stops('count(*) filter (where f.on_time)'),
    denominator: stops('count(*) filter (where f.on_time is not null)'),
  },
  inFull: {
    title: 'In full',
    unit: 'RATIO',
    definition: 'Orders with all parcels delivered undamaged ÷ orders due.',
    shape: 'ratio',
    numerator: stops('sum(f.orders_in_full)'),
    denominator: stops('sum(f.order_count)'),
  },
  otif: {
    title: 'On time in full',
    unit: 'RATIO',
    definition: 'Orders both on time and in full ÷ orders due.',
    shape: 'ratio',
    numerator: stops('sum(f.orders_otif)'),
    denominator: stops('sum(f.order_count)'),
  },
  firstAttempt: {
    title: 'First attempt',
    unit: 'RATIO',
    definition: 'Orders delivered on the first attempt ÷ orders attempted.',
    shape: 'ratio',
    numerator: stops('sum(f.orders_first_attempt)'),
    denominator: stops('sum(f.order_count)'),
  },
  dwellP50: {
    title: 'Dwell, median',
    unit: 'SECONDS',
    definition:
      'Median time from arrival to departure at a stop; the denominator is the number of stops with both.',
    shape: 'quantile',
    value: stops('percentile_cont(0.5) within group (order by f.dwell_seconds)'),
    observations: stops('count(f.dwell_seconds)'),
  },
  dwellP90: {
    title: 'Dwell, 90th percentile',
    unit: 'SECONDS',
    definition:
      'Nine of ten stops took no longer from arrival to departure; the denominator is the number of stops with both.',
    shape: 'quantile',
    value: stops('percentile_cont(0.9) within group (order by f.dwell_seconds)'),
    observations: stops('count(f.dwell_seconds)'),
  },
  planAdherence: {
    title: 'Plan adherence',
    unit: 'RATIO',
    definition: 'Stops visited at their planned place in the sequence ÷ stops.',
    shape: 'ratio',
    numerator: stops('count(*) filter (where f.actual_sequence = f.planned_sequence)'),
    denominator: stops('count(*)'),
  },
} as const satisfies Record<string, Figure>;
