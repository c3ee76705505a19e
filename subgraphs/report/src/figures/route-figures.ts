import type { Figure } from './figure.ts';

const HOUR_SECONDS = 3600;
const KM_METERS = 1000;

const cost = { plus: ['cost'] } as const;
const distance = { plus: ['distance_meters'] } as const;
const plannedTime = { plus: ['planned_seconds'] } as const;
const costFormula =
  'distance × rate per km + hours from start to end × rate per hour + fixed cost of the day';
const costliest = { worst: 'f.allocated_cost' } as const;
/** Only stops of finished routes have a share of the cost. */
const ended = 'f.allocated_cost is not null';

/** Figures about finished routes, and the shifts that they took place in. */
export const routeFigures = {
  routes: {
    title: 'Routes',
    unit: 'COUNT',
    definition: 'Routes whose last stop was finished.',
    shape: 'total',
    total: { plus: ['routes'] },
    evidence: null,
  },
  distance: {
    title: 'Distance',
    unit: 'METERS',
    definition: 'Planned distance of the finished routes.',
    shape: 'total',
    total: distance,
    evidence: { among: ended, worst: 'f.leg_distance_meters' },
  },
  emptyDistance: {
    title: 'Empty distance',
    unit: 'METERS',
    definition:
      'Planned distance that finished routes went without load: back from the last delivery, or out to the first pickup.',
    shape: 'total',
    total: { plus: ['empty_distance_meters'] },
    evidence: null,
  },
  emptyShare: {
    title: 'Empty',
    unit: 'RATIO',
    definition: 'Empty distance ÷ distance of the finished routes.',
    shape: 'ratio',
    numerator: { plus: ['empty_distance_meters'] },
    denominator: distance,
    evidence: null,
  },
  drivingTime: {
    title: 'Driving time',
    unit: 'SECONDS',
    definition: 'Planned driving time of the finished routes, without service and waiting.',
    shape: 'total',
    total: { plus: ['driving_seconds'] },
    evidence: { among: ended, worst: 'f.leg_duration_seconds' },
  },
  timeOnRoute: {
    title: 'Time on route',
    unit: 'SECONDS',
    definition: 'Planned time from start to end of the finished routes.',
    shape: 'total',
    total: plannedTime,
    evidence: { among: ended, worst: 'f.leg_duration_seconds + f.service_seconds' },
  },
  dutyTime: {
    title: 'Measured time on route',
    unit: 'SECONDS',
    definition: 'Time from the actual start to the actual end of the finished routes.',
    shape: 'total',
    total: { plus: ['duty_seconds'] },
    evidence: { among: ended, worst: 'f.dwell_seconds' },
  },
  shiftTime: {
    title: 'Shift time',
    unit: 'SECONDS',
    definition: 'Planned time of the shifts that have a vehicle.',
    shape: 'total',
    total: { plus: ['shift_seconds'] },
    evidence: null,
  },
  cost: {
    title: 'Cost',
    unit: 'MONEY',
    definition: `Planned cost of the finished routes: ${costFormula}.`,
    shape: 'total',
    total: cost,
    evidence: costliest,
  },
  stopsPerHour: {
    title: 'Stops per hour',
    unit: 'PER_HOUR',
    definition: 'Stops of the finished routes ÷ hours from the start to the end of each route.',
    shape: 'ratio',
    numerator: { plus: ['route_stops'] },
    denominator: { plus: ['duty_seconds'], per: HOUR_SECONDS },
    evidence: { among: ended, worst: 'f.leg_duration_seconds + f.dwell_seconds' },
  },
  costPerStop: {
    title: 'Cost per stop',
    unit: 'MONEY',
    definition: `Planned cost of the finished routes (${costFormula}) ÷ their stops.`,
    shape: 'ratio',
    numerator: cost,
    denominator: { plus: ['route_stops'] },
    evidence: costliest,
  },
  costPerKm: {
    title: 'Cost per km',
    unit: 'MONEY_PER_KM',
    definition: `Planned cost of the finished routes (${costFormula}) ÷ their planned km.`,
    shape: 'ratio',
    numerator: cost,
    denominator: { plus: ['distance_meters'], per: KM_METERS },
    evidence: { among: ended, worst: 'f.allocated_cost / nullif(f.leg_distance_meters, 0)' },
  },
  utilization: {
    title: 'Time utilization',
    unit: 'RATIO',
    definition: 'Planned time of the finished routes ÷ planned time of the shifts with a vehicle.',
    shape: 'ratio',
    numerator: plannedTime,
    denominator: { plus: ['shift_seconds'] },
    evidence: null,
  },
  loadUtilization: {
    title: 'Load utilization',
    unit: 'RATIO',
    definition: 'Load carried × distance, leg by leg ÷ weight capacity × distance.',
    shape: 'ratio',
    numerator: { plus: ['load_weight_meters'] },
    denominator: { plus: ['capacity_weight_meters'] },
    evidence: null,
  },
} as const satisfies Record<string, Figure>;
