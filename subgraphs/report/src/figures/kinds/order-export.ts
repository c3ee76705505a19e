import type { KindDefinition } from '../kind.ts';
import { ORDER_STATUSES, orderList } from '../lists/order-list.ts';

/** Every order of the days, for other systems to read. */
export const orderExport: KindDefinition = {
  title: 'Order export',
  description: 'One row per order of the period as it stands now, without any grouping.',
  forPartners: true,
  subjects: ['organization', 'depot', 'partner'],
  groupings: { ORDER: { rows: 'list', list: orderList, forPartners: true } },
  defaultGroupBy: 'ORDER',
  ownParameters: {
    statuses: {
      type: 'array',
      title: 'Orders with one of these',
      items: { type: 'string', enum: [...ORDER_STATUSES] },
      minItems: 1,
      maxItems: ORDER_STATUSES.length,
      uniqueItems: true,
      default: [...ORDER_STATUSES],
    },
  },
  columns: [],
  totals: [],
  charts: [],
};
