import type { Figure } from './figure.ts';
import { detentionSeconds, stopConditions } from './stop-conditions.ts';

const dwell = { worst: 'f.dwell_seconds' } as const;
const detained = {
  among: stopConditions.DETAINED,
  worst: detentionSeconds,
} as const;
const timedStops = { plus: ['timed_stops'] } as const;

/** Figures about the time at a stop, from arrival to departure. */
export const dwellFigures = {
  timedStops: {
    title: 'Timed stops',
    unit: 'COUNT',
    definition: 'Finished stops with both an arrival and a departure.',
    shape: 'total',
    total: timedStops,
    evidence: dwell,
  },
  dwellMean: {
    title: 'Dwell, mean',
    unit: 'SECONDS',
    definition: 'Time from arrival to departure ÷ stops with both.',
    shape: 'ratio',
    numerator: { plus: ['dwell_seconds'] },
    denominator: timedStops,
    evidence: dwell,
  },
  dwellP50: {
    title: 'Dwell, median',
    unit: 'SECONDS',
    definition:
      'Half of the stops took no longer from arrival to departure, read from a histogram with steps of 5 %; the denominator is the number of stops with both.',
    shape: 'quantile',
    histogram: 'dwell_histogram',
    quantile: 0.5,
    observations: timedStops,
    evidence: dwell,
  },
  dwellP90: {
    title: 'Dwell, 90th percentile',
    unit: 'SECONDS',
    definition:
      'Nine of ten stops took no longer from arrival to departure, read from a histogram with steps of 5 %; the denominator is the number of stops with both.',
    shape: 'quantile',
    histogram: 'dwell_histogram',
    quantile: 0.9,
    observations: timedStops,
    evidence: dwell,
  },
  plannedService: {
    title: 'Planned service time',
    unit: 'SECONDS',
    definition: 'Planned time at the stops of which arrival and departure are known.',
    shape: 'total',
    total: { plus: ['timed_service_seconds'] },
    evidence: dwell,
  },
  dwellTime: {
    title: 'Time at stops',
    unit: 'SECONDS',
    definition: 'Time from arrival to departure, over the stops with both.',
    shape: 'total',
    total: { plus: ['dwell_seconds'] },
    evidence: dwell,
  },
  serviceDeviation: {
    title: 'Service time against plan',
    unit: 'RATIO',
    definition: '(Time at stops − planned service time) ÷ planned service time of the same stops.',
    shape: 'ratio',
    numerator: { plus: ['dwell_seconds'], minus: ['timed_service_seconds'] },
    denominator: { plus: ['timed_service_seconds'] },
    evidence: { worst: 'f.dwell_seconds - f.service_seconds' },
  },
  detainedStops: {
    title: 'Detained stops',
    unit: 'COUNT',
    definition: 'Stops that took over 15 minutes longer than their planned service time.',
    shape: 'total',
    total: { plus: ['detained_stops'] },
    evidence: detained,
  },
  detainedShare: {
    title: 'Detained',
    unit: 'RATIO',
    definition:
      'Stops that took over 15 minutes longer than their planned service time ÷ stops with arrival and departure.',
    shape: 'ratio',
    numerator: { plus: ['detained_stops'] },
    denominator: timedStops,
    evidence: detained,
  },
  detention: {
    title: 'Detention',
    unit: 'SECONDS',
    definition: 'Time at detained stops beyond their planned service time and 15 minutes.',
    shape: 'total',
    total: { plus: ['detention_seconds'] },
    evidence: detained,
  },
} as const satisfies Record<string, Figure>;
