import { randomUUID } from 'node:crypto';

import type { Identity } from '@quantumroute/ops/identity';
import { decodeId } from '@quantumroute/schema/ids';

import type { Claimed } from '../src/storage/lease-store.ts';
import { claimNextReport } from '../src/storage/lease-store.ts';
import type { ReportService } from './report-service.ts';

export const REQUEST = `mutation ($input: ReportRequestInput!) {
  reportRequest(input: $input) {
    report { id version status kind parameters progress { phase ratio rowsRead } }
    userErrors { __typename code message path ... on QuotaExceededError { retryAfterSeconds } }
  }
}`;

export type Requested = {
  reportRequest: {
    report: {
      id: string;
      version: number;
      status: string;
      parameters: Record<string, unknown>;
    } | null;
    userErrors: { __typename: string; code: string; message: string; path: string[] }[];
  };
};

/** Asks for a plain report; gives its id as clients and as stores see it. */
export async function requestReport(
  service: ReportService,
  identity: Identity,
  input: Record<string, unknown> = {},
): Promise<{ id: string; reportId: string }> {
  const { reportRequest } = await service.data<Requested>({
    query: REQUEST,
    identity,
    variables: { input: inputOf(input) },
  });
  const { report, userErrors } = reportRequest;
  if (report === null) throw new Error(`Refused: ${JSON.stringify(userErrors)}`);
  return { id: report.id, reportId: decodeId('report', report.id) ?? '' };
}

/** Claims this report, whatever waits beside it. */
export function claimReport(
  service: ReportService,
  reportId: string,
  workerId = 'test:0',
): Promise<Claimed | null> {
  return service.postgres.fork().transactional(async (others) => {
    await others.execute('select from report.reports where id <> ? for update', [reportId]);
    return claimNextReport(service.postgres.fork(), { workerId, leaseMs: 60_000 });
  });
}

let inputs = 0;

/** A valid input like no other of this process, changed as the test needs it. */
export function inputOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  inputs += 1;
  const firstDay = new Date(Date.UTC(2026, 10, 1 - Math.floor(inputs / 300)));
  const lastDay = new Date(Date.UTC(2026, 10, 30 + (inputs % 300)));
  return {
    idempotencyKey: randomUUID(),
    kind: 'ON_TIME_IN_FULL',
    period: { from: firstDay.toISOString().slice(0, 10), to: lastDay.toISOString().slice(0, 10) },
    ...changes,
  };
}

/** The row of a report, straight from the table. */
export async function rowOf(service: ReportService, reportId: string): Promise<Row> {
  const { rows } = await service.world.sql.query<Row>(
    `select status, phase, attempt, version, worker_id, failure_code, rows_read::int as rows_read
     from report.reports where id = $1`,
    [reportId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`No report ${reportId}`);
  return row;
}

export type Row = {
  status: string;
  phase: string;
  attempt: number;
  version: number;
  worker_id: string | null;
  failure_code: string | null;
  rows_read: number;
};
