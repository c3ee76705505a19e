import { jsonScalars, scalars } from '@quantumroute/schema/scalars';

import { mutation } from './mutation.ts';
import { query } from './query.ts';
import { report } from './report.ts';
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
  ReportSubject: { __resolveType: ({ __typename }) => __typename },
  UserError: { __resolveType: ({ __typename }) => __typename },
  Node: { __resolveType: () => 'Report' },
};
