import type { KindDefinition } from '../kind.ts';

/** What happened day by day: volume, service and cost beside each other. */
export const dailyOperations: KindDefinition = {
  title: 'Daily operations',
  description: 'Stops, orders, routes, service and cost of each day.',
  forPartners: true,
  groupings: {
    DAY: { rows: 'groups', by: ['day'], forPartners: true },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    DAY_AND_DEPOT: { rows: 'groups', by: ['day', 'depot'], forPartners: false },
  },
  defaultGroupBy: 'DAY',
  columns: [
    'stops',
    'failedStops',
    'orders',
    'onTime',
    'inFull',
    'firstAttempt',
    'routes',
    'distance',
    'drivingTime',
    'cost',
    'costPerStop',
    'stopsPerHour',
  ],
  totals: [
    'stops',
    'failedStops',
    'orders',
    'onTime',
    'inFull',
    'otif',
    'firstAttempt',
    'routes',
    'distance',
    'cost',
    'costPerStop',
    'costPerKm',
    'stopsPerHour',
  ],
  charts: [
    {
      title: 'Stops by day',
      mark: 'bar',
      by: 'day',
      figures: ['stops'],
      limit: 366,
    },
    {
      title: 'Service by day',
      mark: 'line',
      by: 'day',
      figures: ['onTime', 'inFull', 'firstAttempt'],
      limit: 366,
    },
  ],
};
