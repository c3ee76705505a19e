import type { KindDefinition } from '../kind.ts';
import { stopList } from '../lists/stop-list.ts';

/** How well promises were kept, by whoever or whatever the reader wants to compare. */
export const onTimeInFull: KindDefinition = {
  title: 'On time in full',
  description: 'Share of stops on time and of orders delivered in full, by group or stop by stop.',
  forPartners: true,
  subjects: ['organization', 'depot', 'partner'],
  groupings: {
    DAY: { rows: 'groups', by: ['day'], forPartners: true },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    PARTNER: { rows: 'groups', by: ['partner'], forPartners: false },
    DRIVER: { rows: 'groups', by: ['driver'], forPartners: false },
    VEHICLE: { rows: 'groups', by: ['vehicle'], forPartners: false },
    DAY_AND_DRIVER: { rows: 'groups', by: ['day', 'driver'], forPartners: false },
    STOP: { rows: 'list', list: stopList, forPartners: true },
  },
  defaultGroupBy: 'DAY',
  columns: [
    'stops',
    'failedStops',
    'orders',
    'onTime',
    'inFull',
    'otif',
    'firstAttempt',
    'dwellP50',
    'dwellP90',
  ],
  totals: [
    'stops',
    'failedStops',
    'orders',
    'onTime',
    'inFull',
    'otif',
    'firstAttempt',
    'dwellP50',
    'dwellP90',
    'planAdherence',
  ],
  charts: [
    {
      title: 'On time and in full by day',
      mark: 'line',
      by: 'day',
      figures: ['onTime', 'inFull', 'otif'],
      limit: 366,
    },
    {
      title: 'Failed stops by day',
      mark: 'bar',
      by: 'day',
      figures: ['failedStops'],
      limit: 366,
    },
  ],
};
