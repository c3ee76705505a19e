import type { KindDefinition } from '../kind.ts';

/** What serving somebody costs, once the cost of routes is handed on to their stops. */
export const costToServe: KindDefinition = {
  title: 'Cost to serve',
  description:
    'Cost of the finished routes, shared among their stops by the time that each of them takes: per partner, depot or day, per stop and per order.',
  forPartners: false,
  subjects: ['organization', 'depot', 'partner'],
  groupings: {
    PARTNER: { rows: 'groups', by: ['partner'], forPartners: false },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    DEPOT_AND_PARTNER: { rows: 'groups', by: ['depot', 'partner'], forPartners: false },
    DAY: { rows: 'groups', by: ['day'], forPartners: false },
  },
  defaultGroupBy: 'PARTNER',
  columns: [
    'stops',
    'orders',
    'allocatedCost',
    'allocatedCostPerStop',
    'allocatedCostPerOrder',
    'dwellMean',
    'failedStops',
  ],
  totals: [
    'stops',
    'orders',
    'allocatedCost',
    'allocatedCostPerStop',
    'allocatedCostPerOrder',
    'dwellMean',
    'failedStops',
    'costPerKm',
  ],
  charts: [
    {
      title: 'Partners by allocated cost',
      mark: 'bar',
      by: 'partner',
      figures: ['allocatedCost'],
      limit: 20,
    },
    {
      title: 'Allocated cost per order by day',
      mark: 'line',
      by: 'day',
      figures: ['allocatedCostPerOrder'],
      limit: 366,
    },
  ],
};
