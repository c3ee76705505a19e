import type { KindDefinition } from '../kind.ts';
import { metricList } from '../lists/metric-list.ts';

/** What each variant of an experiment planned, and whether the differences are more than chance. */
export const experimentOutcome: KindDefinition = {
  title: 'Experiment outcome',
  description:
    'What the variants of an experiment planned for the depot-days that were wholly their own: cost, distance, time, orders left out. By metric each variant is compared with the control, depot-day by depot-day, with the range that the difference lies in.',
  forPartners: false,
  subjects: ['organization', 'depot'],
  groupings: {
    METRIC: { rows: 'list', list: metricList, forPartners: false },
    VARIANT: { rows: 'groups', by: ['variant'], forPartners: false },
    DEPOT_DAY: { rows: 'groups', by: ['day', 'depot', 'variant'], forPartners: false },
  },
  defaultGroupBy: 'METRIC',
  ownParameters: {
    experimentId: {
      type: 'string',
      title: 'Experiment',
      pattern: '^exp_[0-7][0-9a-hjkmnp-tv-z]{25}$',
    },
  },
  requiredParameters: ['experimentId'],
  columns: [
    'variantDays',
    'variantCost',
    'variantCostPerOrder',
    'variantDistancePerOrder',
    'variantTimePerOrder',
    'variantUnassigned',
    'variantVehicles',
    'variantComputeTime',
  ],
  totals: ['variantDays', 'variantCost', 'variantCostPerOrder', 'variantUnassigned'],
  charts: [
    {
      title: 'Planned cost per order by variant',
      mark: 'bar',
      by: 'variant',
      figures: ['variantCostPerOrder'],
      limit: 5,
    },
  ],
};
