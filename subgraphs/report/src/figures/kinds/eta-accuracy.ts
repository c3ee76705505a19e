import type { KindDefinition } from '../kind.ts';

/** How near arrivals were to the ETA that was told when the stop before was left. */
export const etaAccuracy: KindDefinition = {
  title: 'ETA accuracy',
  description:
    'Arrivals against the ETA of the moment when the stop before was left: bias, size of the error, share within 15 minutes.',
  forPartners: true,
  subjects: ['organization', 'depot', 'partner'],
  groupings: {
    DAY: { rows: 'groups', by: ['day'], forPartners: true },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    PARTNER: { rows: 'groups', by: ['partner'], forPartners: false },
    DRIVER: { rows: 'groups', by: ['driver'], forPartners: false },
  },
  defaultGroupBy: 'DAY',
  columns: ['etaStops', 'etaBias', 'etaErrorMean', 'etaErrorP50', 'etaErrorP90', 'etaWithin15'],
  totals: ['etaStops', 'etaBias', 'etaErrorMean', 'etaErrorP50', 'etaErrorP90', 'etaWithin15'],
  charts: [
    {
      title: 'Size of the ETA error by day',
      mark: 'line',
      by: 'day',
      figures: ['etaErrorP50', 'etaErrorP90'],
      limit: 366,
    },
    {
      title: 'Arrivals within 15 minutes of the ETA by day',
      mark: 'line',
      by: 'day',
      figures: ['etaWithin15'],
      limit: 366,
    },
  ],
};
