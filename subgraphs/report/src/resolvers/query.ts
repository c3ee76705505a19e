import { badInput } from '@quantumroute/ops/failures';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import { decodeCursor, encodeCursor } from '@quantumroute/schema/cursor';
import { decodeId, isUuid } from '@quantumroute/schema/ids';

import { measureKpis } from '../actions/measure-kpis.ts';
import { viewerOf } from '../actions/viewer.ts';
import { kindOf } from '../figures/kind.ts';
import { kindsFor, parametersSchema } from '../figures/parameters.ts';
import { REPORT_FORMATS } from '../storage/report-entity.ts';
import { listReports } from '../storage/report-queries.ts';
import { listSchedules } from '../storage/schedule-queries.ts';
import { conditionsOf } from './conditions.ts';
import type { QueryResolvers } from './schema-types.ts';

export const query: QueryResolvers = {
  reportDefinitions: (_parent, _args, { identity }) => {
    const audience = { forPartner: viewerOf(identity).partnerId !== null };
    return kindsFor(audience).map((kind) => {
      const { title, description } = kindOf(kind);
      const schema = parametersSchema(kind, audience);
      return { kind, title, description, parametersSchema: schema, formats: [...REPORT_FORMATS] };
    });
  },
  report: (_parent, { id }, { loaders }) => {
    const reportId = decodeId('report', id);
    return reportId === null ? null : loaders.report.load(reportId);
  },
  reports: async (_parent, { first, after, filter }, { em, identity }) => {
    const page = pageOf({ first, after: after ?? null });
    const reports = await listReports(em, viewerOf(identity), {
      conditions: conditionsOf(filter),
      limit: page.limit,
      after: rowAfter(page.after),
    });
    return connectionOf(reports, first, ({ requestedAt, id }) =>
      encodeCursor([requestedAt.toISOString(), id]),
    );
  },
  reportSchedules: async (_parent, { first, after }, { em, identity }) => {
    const page = pageOf({ first, after: after ?? null });
    const schedules = await listSchedules(em, viewerOf(identity), {
      limit: page.limit,
      after: rowAfter(page.after),
    });
    return connectionOf(schedules, first, ({ createdAt, id }) =>
      encodeCursor([createdAt.toISOString(), id]),
    );
  },
  kpis: (_parent, args, { em, identity }) => measureKpis(em, identity, args),
};

/** As `toISOString` writes it: of anything else `Date` makes what it likes. */
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function rowAfter(cursor: string | null): { at: Date; id: string } | null {
  if (cursor === null) return null;
  const [instant, id] = decodeCursor(cursor) ?? [];
  const isOurs = INSTANT.test(String(instant)) && typeof id === 'string' && isUuid(id);
  const at = new Date(String(instant));
  if (isOurs && !Number.isNaN(at.getTime())) return { at, id };
  throw badInput(['after'], 'after needs an endCursor of the same list');
}
