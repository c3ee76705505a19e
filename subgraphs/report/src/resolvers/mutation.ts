import { cancelReport } from '../actions/cancel-report.ts';
import { createSchedule } from '../actions/create-schedule.ts';
import { requestReport } from '../actions/request-report.ts';
import { deleteSchedule, updateSchedule } from '../actions/update-schedule.ts';
import type { MutationResolvers } from './schema-types.ts';

export const mutation: MutationResolvers = {
  reportRequest: async (_parent, { input }, { em, identity, loaders, parts }) => {
    const outcome = await requestReport(parts, { em, identity, input });
    if ('userErrors' in outcome) {
      return { report: null, reused: false, userErrors: [...outcome.userErrors] };
    }
    const { reused } = outcome;
    const report = outcome.stored ?? (await loaders.report.load(outcome.reportId));
    return { report, reused, userErrors: [] };
  },
  reportCancel: async (_parent, { id }, { em, identity, loaders, parts }) => {
    const outcome = await cancelReport(parts, { em, identity, id });
    if ('userErrors' in outcome) return { report: null, userErrors: [...outcome.userErrors] };
    // Another field of the same operation may have loaded it before.
    const report = await loaders.report.clear(outcome.reportId).load(outcome.reportId);
    return { report, userErrors: [] };
  },
  reportScheduleCreate: async (_parent, { input }, { em, identity, loaders }) => {
    const outcome = await createSchedule({ em, identity }, input);
    if ('userErrors' in outcome) return { schedule: null, userErrors: [...outcome.userErrors] };
    return { schedule: await loaders.schedule.load(outcome.scheduleId), userErrors: [] };
  },
  reportScheduleUpdate: async (_parent, args, { em, identity, loaders }) => {
    const outcome = await updateSchedule({ em, identity }, args);
    if ('userErrors' in outcome) return { schedule: null, userErrors: [...outcome.userErrors] };
    const { scheduleId } = outcome;
    return { schedule: await loaders.schedule.clear(scheduleId).load(scheduleId), userErrors: [] };
  },
  reportScheduleDelete: async (_parent, args, { em, identity }) => {
    const outcome = await deleteSchedule({ em, identity }, args);
    if ('userErrors' in outcome) return { deletedId: null, userErrors: [...outcome.userErrors] };
    return { deletedId: args.id, userErrors: [] };
  },
};
