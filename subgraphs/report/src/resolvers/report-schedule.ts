import { decodeId, encodeId } from '@quantumroute/schema/ids';

import type { ReportScheduleResolvers } from './schema-types.ts';
import { subjectOf } from './subject.ts';

export const reportSchedule: ReportScheduleResolvers = {
  __resolveReference: ({ id }, { loaders }) => {
    const scheduleId = decodeId('schedule', id);
    return scheduleId === null ? null : loaders.schedule.load(scheduleId);
  },
  id: ({ id }) => encodeId('schedule', id),
  subject: subjectOf,
  lastReport: async ({ id }, _args, { loaders }) => {
    const reportId = await loaders.lastReportId.load(id);
    return reportId === null ? null : loaders.report.load(reportId);
  },
};
