import type { Figure } from './figure.ts';

/** Figures that hold what was driven against what was planned. */
export const deviationFigures = {
  measuredShare: {
    title: 'Measured routes',
    unit: 'RATIO',
    definition: 'Routes whose distance the odometer tells ÷ finished routes.',
    shape: 'ratio',
    numerator: { plus: ['measured_routes'] },
    denominator: { plus: ['routes'] },
    evidence: null,
  },
  plannedDistance: {
    title: 'Planned distance of measured routes',
    unit: 'METERS',
    definition: 'Planned distance of the finished routes whose distance the odometer tells.',
    shape: 'total',
    total: { plus: ['measured_planned_distance_meters'] },
    evidence: null,
  },
  measuredDistance: {
    title: 'Measured distance',
    unit: 'METERS',
    definition: 'Odometer at the end less odometer at the start, over the measured routes.',
    shape: 'total',
    total: { plus: ['measured_distance_meters'] },
    evidence: null,
  },
  distanceDeviation: {
    title: 'Distance against plan',
    unit: 'RATIO',
    definition: '(Measured distance − planned distance) ÷ planned distance of the measured routes.',
    shape: 'ratio',
    numerator: {
      plus: ['measured_distance_meters'],
      minus: ['measured_planned_distance_meters'],
    },
    denominator: { plus: ['measured_planned_distance_meters'] },
    evidence: null,
  },
  durationDeviation: {
    title: 'Duration against plan',
    unit: 'RATIO',
    definition: '(Actual − planned time from start to end) ÷ planned time of the finished routes.',
    shape: 'ratio',
    numerator: { plus: ['duty_seconds'], minus: ['planned_seconds'] },
    denominator: { plus: ['planned_seconds'] },
    evidence: {
      among: 'f.allocated_cost is not null',
      worst: 'extract(epoch from f.arrived_at - f.planned_arrival)',
    },
  },
} as const satisfies Record<string, Figure>;
