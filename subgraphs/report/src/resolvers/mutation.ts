import { cancelReport } from '../actions/cancel-report.ts';
import { requestReport } from '../actions/request-report.ts';
import type { MutationResolvers } from './schema-types.ts';

export const mutation: MutationResolvers = {
  reportRequest: async (_parent, { input }, { em, identity, loaders, parts }) => {
    const outcome = await requestReport(parts, { em, identity, input });
    if ('userErrors' in outcome) return { report: null, userErrors: [...outcome.userErrors] };
    const report = outcome.stored ?? (await loaders.report.load(outcome.reportId));
    return { report, userErrors: [] };
  },
  reportCancel: async (_parent, { id }, { em, identity, loaders, parts }) => {
    const outcome = await cancelReport(parts, { em, identity, id });
    if ('userErrors' in outcome) return { report: null, userErrors: [...outcome.userErrors] };
    // Another field of the same operation may have loaded it before.
    const report = await loaders.report.clear(outcome.reportId).load(outcome.reportId);
    return { report, userErrors: [] };
  },
};
