import type { Figure } from './figure.ts';

const routes = (sql: string) => ({ facts: 'routes', sql }) as const;
const shifts = (sql: string) => ({ facts: 'shifts', sql }) as const;

const plannedSeconds = 'sum(extract(epoch from r.planned_end - r.planned_start))';
const dutyHours = 'sum(extract(epoch from r.ended_at - r.started_at)) / 3600';

/**
 * Figures counted over finished routes (`r` is route_published.route_facts) and planned shifts
 * (`s` is fleet_published.shifts).
 */
export const routeFigures = {
  routes: {
    title: 'Routes',
    unit: 'COUNT',
    definition: 'Routes whose last stop was finished.',
    shape: 'total',
    total: routes('count(*)'),
  },
  distance: {
    title: 'Distance',
    unit: 'METERS',
    definition: 'Distance of the finished routes.',
    shape: 'total',
    total: routes('sum(r.distance_meters)'),
  },
  drivingTime: {
    title: 'Driving time',
    unit: 'SECONDS',
    definition: 'Driving time of the finished routes, without service and waiting.',
    shape: 'total',
    total: routes('sum(r.driving_seconds)'),
  },
  timeOnRoute: {
    title: 'Time on route',
    unit: 'SECONDS',
    definition: 'Planned time from start to end of the finished routes.',
    shape: 'total',
    total: routes(plannedSeconds),
  },
  shiftTime: {
    title: 'Shift time',
    unit: 'SECONDS',
    definition: 'Planned time of the shifts that have a vehicle.',
    shape: 'total',
    total: shifts('sum(extract(epoch from s.planned_end - s.planned_start))'),
  },
  cost: {
    title: 'Cost',
    unit: 'MONEY',
    definition: 'Distance × rate per km + duty hours × rate per hour + fixed cost of the day.',
    shape: 'total',
    total: routes('sum(r.cost)'),
  },
  stopsPerHour: {
    title: 'Stops per hour',
    unit: 'PER_HOUR',
    definition: 'Stops of the finished routes ÷ hours from the start to the end of each route.',
    shape: 'ratio',
    numerator: routes('sum(r.stop_count)'),
    denominator: routes(dutyHours),
  },
  costPerStop: {
    title: 'Cost per stop',
    unit: 'MONEY',
    definition: '(Distance × rate per km + duty hours × rate per hour + fixed cost) ÷ stops.',
    shape: 'ratio',
    numerator: routes('sum(r.cost)'),
    denominator: routes('sum(r.stop_count)'),
  },
  costPerKm: {
    title: 'Cost per km',
    unit: 'MONEY_PER_KM',
    definition: '(Distance × rate per km + duty hours × rate per hour + fixed cost) ÷ km.',
    shape: 'ratio',
    numerator: routes('sum(r.cost)'),
    denominator: routes('sum(r.distance_meters) / 1000.0'),
  },
  utilization: {
    title: 'Time utilization',
    unit: 'RATIO',
    definition: 'Planned time of the finished routes ÷ planned time of the shifts with a vehicle.',
    shape: 'ratio',
    numerator: routes(plannedSeconds),
    denominator: shifts('sum(extract(epoch from s.planned_end - s.planned_start))'),
  },
  loadUtilization: {
    title: 'Load utilization',
    unit: 'RATIO',
    definition: 'Load at the start × distance ÷ weight capacity × distance, over finished routes.',
    shape: 'ratio',
    numerator: routes('sum(r.load_weight_kg * r.distance_meters)'),
    denominator: routes('sum(r.capacity_weight_kg * r.distance_meters)'),
  },
} as const satisfies Record<string, Figure>;
