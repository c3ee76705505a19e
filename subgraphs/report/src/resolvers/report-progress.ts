import { isFinalReportStatus } from '@quantumroute/schema/events';

import type { Loaders } from '../loaders.ts';
import type { Report } from '../storage/report-entity.ts';
import type { ReportProgressResolvers } from './schema-types.ts';

export const reportProgress: ReportProgressResolvers = {
  queuePosition: async (report, _args, { loaders }) =>
    (await forecastOf(report, loaders))?.queuePosition ?? null,
  remainingSeconds: async (report, _args, { loaders }) =>
    (await forecastOf(report, loaders))?.remainingSeconds ?? null,
};

function forecastOf({ id, status }: Report, loaders: Loaders) {
  return isFinalReportStatus(status) ? null : loaders.forecast.load(id);
}
