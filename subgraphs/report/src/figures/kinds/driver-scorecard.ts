import type { KindDefinition } from '../kind.ts';
import { scorecardList } from '../lists/scorecard-list.ts';

/** How drivers did, beside what their routes let expect of anybody. */
export const driverScorecard: KindDefinition = {
  title: 'Driver scorecard',
  description:
    'Punctuality and pace of each driver, observed and as expected from depot, weekday, distance between stops and planned service of the routes. A score of 100 is what the organization reaches on such routes.',
  forPartners: false,
  subjects: ['organization', 'depot'],
  groupings: { DRIVER: { rows: 'list', list: scorecardList, forPartners: false } },
  defaultGroupBy: 'DRIVER',
  defaultMinimumStops: 50,
  columns: [],
  totals: ['stops', 'onTime', 'firstAttempt', 'stopsPerHour', 'planAdherence'],
  charts: [
    {
      title: 'Drivers by stops per hour',
      mark: 'bar',
      by: 'driver',
      figures: ['stopsPerHour'],
      limit: 20,
    },
    { title: 'On time by day', mark: 'line', by: 'day', figures: ['onTime'], limit: 366 },
  ],
};
