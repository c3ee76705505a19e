import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { archiveNextMonth } from './archive.ts';
import type { Day } from './dirty-days.ts';
import { postponeDirtyDay } from './dirty-days.ts';
import { countBatch, createFactMetrics } from './fact-metrics.ts';
import type { FactMetrics } from './fact-metrics.ts';
import { withMaintenance } from './maintenance.ts';
import { analyzeWhole, openMonthsAhead } from './months.ts';
import { projectBatch } from './projector.ts';
import { repeat } from './repeat.ts';
import { rollUpNext } from './roll-up.ts';

export type FactKeeperParts = {
  readonly postgres: Postgres;
  readonly databaseUrl: string;
  readonly store: ArtifactStore;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Months of facts that stay in the database, the present one not counted. */
  readonly factMonths: number;
};

const POLL_MS = 250;
const HOUR_MS = 3_600_000;
const ANALYZE_MS = 600_000;

/** Keeps facts and roll-ups up to date until it is closed. Every worker does: they share the work. */
export function keepFacts(parts: FactKeeperParts): { close(): Promise<void> } {
  const { log } = parts;
  const stopping = new AbortController();
  const metrics = createFactMetrics(parts.metrics, parts.postgres);
  const loops = [
    repeat(() => project(parts, metrics), { name: 'project events', everyMs: POLL_MS, log }),
    repeat(() => rollUp(parts), { name: 'sum dirty days', everyMs: POLL_MS, log }),
    repeat(() => lookAfterMonths(parts, stopping.signal), {
      name: 'look after months',
      everyMs: HOUR_MS,
      log,
    }),
  ];
  return {
    close: async () => {
      stopping.abort(new Error('The worker stops'));
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

async function project(
  { postgres, log }: FactKeeperParts,
  metrics: FactMetrics,
): Promise<'more' | 'done'> {
  const batch = await projectBatch(postgres.fork());
  if (batch.state === 'busy') return 'done';
  countBatch(metrics, batch);
  if (batch.setAside > 0) {
    log.error({ events: batch.setAside }, 'broken events are set aside in report.set_aside_events');
  }
  return batch.isDrained ? 'done' : 'more';
}

async function rollUp({ postgres, log }: FactKeeperParts): Promise<'more' | 'done'> {
  const onFailure = async (day: Day) => {
    log.error({ organizationId: day.organizationId, day: day.day }, 'a day could not be summed');
    await postponeDirtyDay(postgres.fork(), day);
  };
  return (await rollUpNext(postgres.fork(), { onFailure })) === null ? 'done' : 'more';
}

async function lookAfterMonths(
  parts: FactKeeperParts,
  signal: AbortSignal,
): Promise<'more' | 'done'> {
  const { postgres, databaseUrl: url, factMonths: keepMonths, log } = parts;
  await openMonthsAhead(postgres.fork());
  await withMaintenance({ url, signal, timeoutMs: ANALYZE_MS }, analyzeWhole);
  const archived = await archiveNextMonth(parts, { keepMonths, signal });
  if (archived === null) return 'done';
  log.info({ month: archived }, 'a month of facts is in the archive');
  return 'more';
}
