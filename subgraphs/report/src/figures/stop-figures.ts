import type { Figure } from './figure.ts';
import { stopConditions } from './stop-conditions.ts';

const late = 'extract(epoch from f.arrived_at - f.window_end)';
/** Who comes early counts only when gone before the window opened; least and greatest pass over null. */
const outside = `greatest(${late}, extract(epoch from f.window_start - f.departed_at))`;
const orders = { plus: ['orders'] } as const;
const stops = { plus: ['stops'] } as const;

/** Figures about finished stops: how many there were, and how well promises were kept. */
export const stopFigures = {
  stops: {
    title: 'Stops',
    unit: 'COUNT',
    definition: 'Stops that were finished, completed or failed.',
    shape: 'total',
    total: stops,
    evidence: { among: 'true', worst: late },
  },
  failedStops: {
    title: 'Failed stops',
    unit: 'COUNT',
    definition: 'Stops that were finished without success.',
    shape: 'total',
    total: { plus: ['failed_stops'] },
    evidence: { among: stopConditions.FAILED, worst: 'f.order_count' },
  },
  lateStops: {
    title: 'Late stops',
    unit: 'COUNT',
    definition: 'Stops reached after the promised window had closed.',
    shape: 'total',
    total: { plus: ['late_stops'] },
    evidence: { among: stopConditions.LATE, worst: late },
  },
  outOfSequenceStops: {
    title: 'Out of sequence',
    unit: 'COUNT',
    definition: 'Stops that were not visited at their planned place in the sequence.',
    shape: 'total',
    total: { plus: ['stops'], minus: ['in_sequence_stops'] },
    evidence: {
      among: stopConditions.OUT_OF_SEQUENCE,
      worst: 'abs(f.actual_sequence - f.planned_sequence)',
    },
  },
  orders: {
    title: 'Orders',
    unit: 'COUNT',
    definition: 'Orders due at the finished stops; an order counts once per attempt.',
    shape: 'total',
    total: orders,
    evidence: { worst: 'f.order_count' },
  },
  onTime: {
    title: 'On time',
    unit: 'RATIO',
    definition:
      'Stops reached before the promised window closed, and not left before it opened ÷ completed and failed stops with a promise.',
    shape: 'ratio',
    numerator: { plus: ['on_time_stops'] },
    denominator: { plus: ['promised_stops'] },
    evidence: { among: 'not f.on_time', worst: outside },
  },
  inFull: {
    title: 'In full',
    unit: 'RATIO',
    definition: 'Orders with all parcels delivered undamaged ÷ orders due.',
    shape: 'ratio',
    numerator: { plus: ['orders_in_full'] },
    denominator: orders,
    evidence: {
      among: 'f.orders_in_full < f.order_count',
      worst: 'f.order_count - f.orders_in_full',
    },
  },
  otif: {
    title: 'On time in full',
    unit: 'RATIO',
    definition:
      'Orders both on time and in full ÷ orders due; without a promised window in full is enough.',
    shape: 'ratio',
    numerator: { plus: ['orders_otif'] },
    denominator: orders,
    evidence: { among: 'f.orders_otif < f.order_count', worst: 'f.order_count - f.orders_otif' },
  },
  firstAttempt: {
    title: 'First attempt',
    unit: 'RATIO',
    definition: 'Orders delivered on the first attempt, at least in part ÷ orders due.',
    shape: 'ratio',
    numerator: { plus: ['orders_first_attempt'] },
    denominator: orders,
    evidence: {
      among: 'f.orders_first_attempt < f.order_count',
      worst: 'f.order_count - f.orders_first_attempt',
    },
  },
  planAdherence: {
    title: 'Plan adherence',
    unit: 'RATIO',
    definition: 'Stops visited at their planned place in the sequence ÷ stops.',
    shape: 'ratio',
    numerator: { plus: ['in_sequence_stops'] },
    denominator: stops,
    evidence: {
      among: stopConditions.OUT_OF_SEQUENCE,
      worst: 'abs(f.actual_sequence - f.planned_sequence)',
    },
  },
} as const satisfies Record<string, Figure>;
