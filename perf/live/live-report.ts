import { randomUUID } from 'node:crypto';
import { createLogger } from '@quantumroute/ops/log';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { decodeId } from '@quantumroute/schema/ids';
import { Client } from 'pg';
import { nowMs } from './clients/clients.ts';
import { registered } from './fields.ts';
import { EVENT_COLUMNS, type EventRow, createReportPublisher, eventOf } from './product.ts';

/** A report that waits for a worker for ever, and changes whenever the bench says so. */
export type LiveReport = {
  id: string;
  /** Commits a new version and tells it as a worker does. */
  change(): Promise<{ version: number; committedAtMs: number }>;
  close(): Promise<void>;
};

/** Requests it through the gateway; the worker has to be down. */
export async function openLiveReport(stack: TestStack): Promise<LiveReport> {
  const id = await requestReport(stack);
  const uuid = decodeId('report', id);
  const sql = new Client({ connectionString: stack.databaseUrl });
  await sql.connect();
  const publisher = createReportPublisher({
    redisUrl: stack.redis.url,
    redisPrefix: stack.env['REDIS_PREFIX'] ?? 'qr:',
    log: createLogger({ service: 'bench', level: 'silent' }),
  });
  return {
    id,
    async change() {
      const { rows } = await sql.query<EventRow>(
        `update report.reports set rows_read = rows_read + 1, version = version + 1,
           changed_at = now()
         where id = $1 returning ${EVENT_COLUMNS}`,
        [uuid],
      );
      const committedAtMs = nowMs();
      const [row] = rows;
      if (row === undefined) throw new Error('The report is gone');
      await publisher.publish(eventOf(row));
      return { version: row.version, committedAtMs };
    },
    async close() {
      await publisher.close();
      await sql.end();
    },
  };
}

/** Asks for a report as the dispatcher; gives the id that clients see. */
export async function requestReport(stack: TestStack): Promise<string> {
  const { header } = stack.credentials['dispatcher'] ?? { header: { name: 'x-none', value: '' } };
  const response = await fetch(`${stack.urls.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [header.name]: header.value },
    body: JSON.stringify({
      query: registered('ReportRequest'),
      variables: {
        input: {
          idempotencyKey: randomUUID(),
          kind: 'ON_TIME_IN_FULL',
          period: { from: '2026-10-01', to: '2026-10-01' },
          maxStalenessSeconds: 0,
        },
      },
    }),
  });
  const text = await response.text();
  const { data } = JSON.parse(text) as {
    data?: { reportRequest: { report: { id: string } | null } } | null;
  };
  const id = data?.reportRequest.report?.id;
  if (id === undefined) throw new Error(`The report was refused: ${text}`);
  return id;
}
