import { failure } from '@quantumroute/ops/failures';
import { decodeId } from '@quantumroute/schema/ids';

import { subscribeToReport, subscribeToReports } from '../actions/subscribe.ts';
import type { Report } from '../storage/report-entity.ts';
import { conditionsOf } from './conditions.ts';
import type { SubscriptionResolvers } from './schema-types.ts';

export const subscription: SubscriptionResolvers = {
  reportUpdated: {
    subscribe: (_parent, { id }, { identity, parts }) => {
      const reportId = decodeId('report', id);
      if (reportId === null) throw failure('NOT_FOUND', 'There is no such report');
      return subscribeToReport(parts, { identity, reportId });
    },
    resolve: (report: Report) => report,
  },
  reportsUpdated: {
    subscribe: (_parent, { filter }, { identity, em, parts }) =>
      subscribeToReports(parts, { identity, em, conditions: conditionsOf(filter) }),
    resolve: (report: Report) => report,
  },
};
