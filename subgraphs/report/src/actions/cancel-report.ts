import type { EntityManager } from '@mikro-orm/postgresql';

import type { Identity } from '@quantumroute/ops/identity';
import { runDetached } from '@quantumroute/ops/request';
import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';

import type { PublishReport } from '../live/report-events.ts';
import { cancelReport as cancelRow } from '../storage/cancel-store.ts';
import { findReports } from '../storage/report-queries.ts';
import { viewerOf } from './viewer.ts';

/** Ends an unfinished report at once, unless others want it too; its worker stops within a second. */
export async function cancelReport(
  { publish }: { publish: PublishReport },
  { em, identity, id }: { em: EntityManager; identity: Identity; id: string },
): Promise<{ reportId: string } | { userErrors: readonly UserError[] }> {
  const viewer = viewerOf(identity);
  const reportId = decodeId('report', id);
  if (reportId === null) return { userErrors: [userError.notFound(['id'], 'report')] };
  const outcome = await cancelRow(em, viewer, reportId);
  if (outcome.kind === 'canceled') runDetached(() => void publish(outcome.event));
  if (outcome.kind !== 'nothing') return { reportId };
  const [report] = await findReports(em, viewer, [reportId]);
  if (report === undefined) return { userErrors: [userError.notFound(['id'], 'report')] };
  return { userErrors: [userError.illegalTransition(['id'], report.status, [])] };
}
