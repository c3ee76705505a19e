import { badInput } from '@quantumroute/ops/failures';
import { connectionOf, pageOf } from '@quantumroute/ops/page';
import { decodeCursor, encodeCursor } from '@quantumroute/schema/cursor';
import { decodeId, encodeId } from '@quantumroute/schema/ids';

import { signLink } from '../artifacts/link.ts';
import { questionOf } from '../figures/report-question.ts';
import type { Artifact } from '../storage/artifact-entity.ts';
import type { ReportResolvers } from './schema-types.ts';
import { subjectOf } from './subject.ts';

export const report: ReportResolvers = {
  __resolveReference: ({ id }, { loaders }) => {
    const reportId = decodeId('report', id);
    return reportId === null ? null : loaders.report.load(reportId);
  },
  id: ({ id }) => encodeId('report', id),
  subject: subjectOf,
  totals: (report) => {
    const { scope, period } = questionOf(report);
    return report.totals.map((total) => ({ ...total, scope, period }));
  },
  restatedDays: async (
    { organizationId, periodFrom: from, periodTo: to, dataAsOf },
    _args,
    { loaders },
  ) =>
    dataAsOf == null
      ? []
      : ((await loaders.restatedDays.load({ organizationId, from, to, since: dataAsOf })) ?? []),
  progress: (found) => found,
  schedule: ({ scheduleId }, _args, { loaders }) =>
    scheduleId == null ? null : loaders.schedule.load(scheduleId),
  rows: async (
    { id, status, attempt, columns, rowsRead, storedRows },
    { first, after },
    { loaders },
  ) => {
    const page = pageOf({ first, after: after ?? null });
    const position = rowAfter(id, page.after);
    if (status !== 'SUCCEEDED') return null;
    const wanted = { reportId: id, attempt, after: position, limit: page.limit };
    const rows = (await loaders.rows.load(wanted)) ?? [];
    const { nodes, pageInfo } = connectionOf(rows, first, ({ ordinal }) =>
      encodeCursor([id, ordinal]),
    );
    const isTruncated = rowsRead > storedRows;
    return { columns, nodes: nodes.map(({ cells }) => cells), pageInfo, isTruncated };
  },
  artifacts: async ({ id, status }, _args, { loaders, parts }) => {
    if (status !== 'SUCCEEDED') return [];
    const files = (await loaders.artifacts.load(id)) ?? [];
    return files.map((file: Artifact) => ({ ...file, url: signLink(parts.links, file.id) }));
  },
  failure: ({ failureCode, failureMessage, failureRetryable }) =>
    failureCode === null || failureCode === undefined
      ? null
      : { code: failureCode, message: failureMessage ?? '', retryable: failureRetryable === true },
};

/** The ordinal that a page starts after; a cursor of another report is as wrong as a forged one. */
function rowAfter(reportId: string, cursor: string | null): number {
  if (cursor === null) return -1;
  const [owner, ordinal] = decodeCursor(cursor) ?? [];
  if (owner === reportId && isOrdinal(ordinal)) return ordinal;
  throw badInput(['after'], 'after needs an endCursor of the same list');
}

const MAX_ORDINAL = 2 ** 31 - 1;

function isOrdinal(part: unknown): part is number {
  return Number.isInteger(part) && Number(part) >= 0 && Number(part) <= MAX_ORDINAL;
}
