import type { Logger } from '@quantumroute/ops/log';
import type { Postgres } from '@quantumroute/ops/postgres';

import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { catchUp } from '../facts/catch-up.ts';
import type { PublishReport } from '../live/report-events.ts';
import type { Fence } from '../storage/fence.ts';
import { writeProgress } from '../storage/lease-store.ts';
import type { Report } from '../storage/report-entity.ts';
import { appendRows, finishReport } from '../storage/result-store.ts';
import type { RowLimits } from './compute.ts';
import { computeReport } from './compute.ts';
import { createOutput } from './output.ts';
import { createProgress } from './progress.ts';
import { withReader } from './reader.ts';

export type ProduceParts = {
  readonly postgres: Postgres;
  readonly databaseUrl: string;
  readonly store: ArtifactStore;
  readonly publish: PublishReport;
  readonly log: Logger;
  readonly limits: RowLimits & {
    /** Rows of a report that are kept for paging. */
    readonly storedRows: number;
    readonly runTimeoutMs: number;
    readonly retentionDays: number;
  };
};

type Run = { readonly report: Report; readonly fence: Fence; readonly signal: AbortSignal };

/** Makes rows, totals and files of a claimed report and stores them as its result. */
export async function produce(parts: ProduceParts, run: Run): Promise<void> {
  const { postgres, publish, limits } = parts;
  const { report, fence, signal } = run;
  const { organizationId, requestedAt: until } = report;
  const progress = createProgress(async (state) =>
    publish(await writeProgress(postgres.fork(), fence, state)),
  );
  await catchUp(postgres.fork(), { organizationId, until, signal });
  const output = openOutput(parts, run);
  try {
    const summary = await withReader(
      { url: parts.databaseUrl, signal, timeoutMs: limits.runTimeoutMs },
      (reader) => computeReport(reader, report, { limits, progress, output }),
    );
    await progress.enter('RENDERING');
    const finished = await output.finish(summary);
    await progress.enter('STORING');
    signal.throwIfAborted();
    const { retentionDays } = limits;
    const result = { ...summary, ...finished, rowsRead: summary.rowCount, retentionDays };
    await publish(await finishReport(postgres.fork(), fence, result));
  } catch (error) {
    await output.discard(error);
    throw error;
  } finally {
    progress.stop();
  }
}

function openOutput({ postgres, store, limits }: ProduceParts, run: Run) {
  const { fence, signal } = run;
  return createOutput({
    ...run,
    store,
    maxStoredRows: limits.storedRows,
    storeRows: async (rows, ordinal) => {
      signal.throwIfAborted();
      await appendRows(postgres.fork(), fence, { rows, ordinal });
    },
  });
}
