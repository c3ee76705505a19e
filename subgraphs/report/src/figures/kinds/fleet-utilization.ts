import type { KindDefinition } from '../kind.ts';

/** How much of the fleet's time and capacity was used, and what it cost. */
export const fleetUtilization: KindDefinition = {
  title: 'Fleet utilization',
  description: 'Time and load utilization, distance and cost of vehicles.',
  forPartners: false,
  subjects: ['organization', 'depot'],
  groupings: {
    VEHICLE: { rows: 'groups', by: ['vehicle'], forPartners: false },
    DAY_AND_VEHICLE: { rows: 'groups', by: ['day', 'vehicle'], forPartners: false },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    DAY: { rows: 'groups', by: ['day'], forPartners: false },
  },
  defaultGroupBy: 'VEHICLE',
  columns: [
    'routes',
    'stops',
    'distance',
    'drivingTime',
    'timeOnRoute',
    'shiftTime',
    'utilization',
    'loadUtilization',
    'cost',
    'costPerStop',
    'costPerKm',
    'stopsPerHour',
  ],
  totals: [
    'routes',
    'stops',
    'distance',
    'timeOnRoute',
    'shiftTime',
    'utilization',
    'loadUtilization',
    'cost',
    'costPerStop',
    'costPerKm',
    'stopsPerHour',
  ],
  charts: [
    {
      title: 'Time and load utilization by day',
      mark: 'line',
      by: 'day',
      figures: ['utilization', 'loadUtilization'],
      limit: 366,
    },
    {
      title: 'Vehicles by distance',
      mark: 'bar',
      by: 'vehicle',
      figures: ['distance'],
      limit: 20,
    },
  ],
};
