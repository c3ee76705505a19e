import type { KindDefinition } from '../kind.ts';

/**
 * What each variant of an experiment planned. The rows are what a test compares: one per variant and
 * depot-day. Whether a difference is more than chance is said by `Experiment.outcome`.
 */
export const experimentOutcome: KindDefinition = {
  title: 'Experiment outcome',
  description:
    'What the variants of an experiment planned for the depot-days that were wholly their own: cost, distance, time, orders left out.',
  forPartners: false,
  subjects: ['organization', 'depot'],
  groupings: {
    VARIANT: { rows: 'groups', by: ['variant'], forPartners: false },
    DEPOT_DAY: { rows: 'groups', by: ['day', 'depot', 'variant'], forPartners: false },
  },
  defaultGroupBy: 'VARIANT',
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
