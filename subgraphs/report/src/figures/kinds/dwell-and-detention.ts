import type { KindDefinition } from '../kind.ts';

/** How long vehicles stood at stops, and how much of it was more than was agreed. */
export const dwellAndDetention: KindDefinition = {
  title: 'Dwell and detention',
  description:
    'Time from arrival to departure, and what of it went beyond the planned service time and 15 minutes.',
  forPartners: true,
  subjects: ['organization', 'depot', 'partner'],
  groupings: {
    DAY: { rows: 'groups', by: ['day'], forPartners: true },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    PARTNER: { rows: 'groups', by: ['partner'], forPartners: false },
    DRIVER: { rows: 'groups', by: ['driver'], forPartners: false },
    VEHICLE: { rows: 'groups', by: ['vehicle'], forPartners: false },
  },
  defaultGroupBy: 'DAY',
  columns: [
    'stops',
    'timedStops',
    'dwellMean',
    'dwellP50',
    'dwellP90',
    'plannedService',
    'dwellTime',
    'serviceDeviation',
    'detainedStops',
    'detainedShare',
    'detention',
  ],
  totals: [
    'stops',
    'timedStops',
    'dwellMean',
    'dwellP50',
    'dwellP90',
    'plannedService',
    'dwellTime',
    'serviceDeviation',
    'detainedStops',
    'detainedShare',
    'detention',
  ],
  charts: [
    {
      title: 'Dwell by day',
      mark: 'line',
      by: 'day',
      figures: ['dwellP50', 'dwellP90'],
      limit: 366,
    },
    {
      title: 'Partners by detention',
      mark: 'bar',
      by: 'partner',
      figures: ['detention'],
      limit: 20,
    },
  ],
};
