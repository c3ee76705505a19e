import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { createLogger } from '@quantumroute/ops/log';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { Pool } from 'pg';
import { EVENT_COLUMNS, type EventRow, createReportPublisher, eventOf } from '../product.ts';

/** Reports that live as if workers made them, only faster. */
export type ReportLives = {
  /** Commits a new report, and tells of it; gives the id that clients see. */
  begin(): Promise<Report>;
  /** From REQUESTED to SUCCEEDED, each change told after its commit; gives the final version. */
  complete(report: Report): Promise<number>;
  close(): Promise<void>;
};

export type Report = { id: string; uuid: string };

const STATES = [
  `status = 'RUNNING', phase = 'READING', attempt = 1, started_at = now(), lease_until = now() + interval '1 hour'`,
  `phase = 'AGGREGATING', ratio = 0.6, rows_read = 10`,
  `status = 'SUCCEEDED', phase = 'DONE', ratio = 1, lease_until = null, finished_at = now()`,
];
const PAUSE_MS = 200;

/** Each new one is like `templateUuid`, whose organization has it. */
export function openReportLives(stack: TestStack, templateUuid: string): ReportLives {
  const sql = new Pool({ connectionString: stack.databaseUrl, max: 8 });
  const publisher = createReportPublisher({
    redisUrl: stack.redis.url,
    redisPrefix: stack.env['REDIS_PREFIX'] ?? 'qr:',
    log: createLogger({ service: 'chaos', level: 'silent' }),
  });
  const change = async (statement: string, parameters: readonly string[]): Promise<number> => {
    const { rows } = await sql.query<EventRow>(`${statement} returning ${EVENT_COLUMNS}`, [
      ...parameters,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Error('The report is gone');
    await publisher.publish(eventOf(row));
    return row.version;
  };
  return {
    async begin() {
      const uuid = newId();
      await change(CLONE, [templateUuid, uuid, randomUUID()]);
      return { id: encodeId('report', uuid), uuid };
    },
    async complete({ uuid }) {
      let version = 0;
      for (const state of STATES) {
        await sleep(PAUSE_MS);
        version = await change(
          `update report.reports set ${state}, version = version + 1, changed_at = now() where id = $1`,
          [uuid],
        );
      }
      return version;
    },
    async close() {
      await publisher.close();
      await sql.end();
    },
  };
}

const CLONE = `insert into report.reports
  select (jsonb_populate_record(template, jsonb_build_object('id', $2::text, 'fingerprint', $3::text,
    'version', 1, 'requested_at', now(), 'changed_at', now()))).*
  from report.reports template where id = $1`;
