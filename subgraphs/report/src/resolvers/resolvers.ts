import { jsonScalars, scalars } from '@quantumroute/schema/scalars';

import { depot, driver, organization, partner, vehicle } from './fleet-entities.ts';
import { kpi, kpiSet } from './kpi.ts';
import { mutation } from './mutation.ts';
import { query } from './query.ts';
import { reportProgress } from './report-progress.ts';
import { reportSchedule } from './report-schedule.ts';
import { report } from './report.ts';
import { experiment, route } from './route-entities.ts';
import type { Resolvers } from './schema-types.ts';
import { subscription } from './subscription.ts';

/** Everything that the report subgraph resolves. */
export const resolvers: Resolvers = {
  ...scalars,
  ...jsonScalars,
  Query: query,
  Mutation: mutation,
  Subscription: subscription,
  Report: report,
  ReportProgress: reportProgress,
  ReportSchedule: reportSchedule,
  Kpi: kpi,
  KpiSet: kpiSet,
  Organization: organization,
  Partner: partner,
  Depot: depot,
  Vehicle: vehicle,
  Driver: driver,
  Route: route,
  Experiment: experiment,
  ReportSubject: { __resolveType: ({ __typename }) => __typename },
  UserError: { __resolveType: ({ __typename }) => __typename },
  Node: { __resolveType: (node) => ('status' in node ? 'Report' : 'ReportSchedule') },
};
