import { randomUUID } from 'node:crypto';

import type { WatchedReport } from './answers.ts';
import type { DemoClient } from './client.ts';
import { daysBefore, type DepotDay } from './depot-day.ts';
import { plural, printCost, printFact, printStep } from './print.ts';

/** Ids of reports that are done, by kind. */
export type DoneReports = Record<'stopByStop' | 'scorecard' | 'emissions', string>;

/** Requests three reports at once and watches the largest; the workers make two at a time. */
export async function requestReports(
  dispatcher: DemoClient,
  depot: DepotDay,
): Promise<DoneReports> {
  printStep('The dispatcher requests three reports at once, and watches the largest being made');
  const [scorecard, emissions] = await Promise.all([
    request(dispatcher, depot, { kind: 'DRIVER_SCORECARD' }),
    request(dispatcher, depot, { kind: 'EMISSIONS' }),
  ]);
  const stopByStop = await request(dispatcher, depot, {
    kind: 'ON_TIME_IN_FULL',
    parameters: { groupBy: 'STOP' },
    formats: [...FOR_PEOPLE, 'CSV', 'JSONL'],
  });
  for await (const line of linesOf(dispatcher, stopByStop)) printFact(line);
  for await (const _ of linesOf(dispatcher, scorecard));
  for await (const _ of linesOf(dispatcher, emissions));
  return { stopByStop, scorecard, emissions };
}

const FOR_PEOPLE = ['HTML', 'PDF', 'XLSX'];

async function request(
  dispatcher: DemoClient,
  depot: DepotDay,
  report: { kind: string; parameters?: object; formats?: string[] },
): Promise<string> {
  const { data, cost } = await dispatcher.run('ReportRequest', {
    input: {
      idempotencyKey: randomUUID(),
      subjectId: depot.id,
      period: { from: daysBefore(depot.date, 29), to: depot.date },
      formats: FOR_PEOPLE,
      // Nobody is to get the numbers of the demo before, unless they still hold.
      maxStalenessSeconds: 0,
      ...report,
    },
  });
  printCost(report.kind, cost);
  const { reused, report: made } = data.reportRequest;
  const { queuePosition } = made.progress;
  if (reused) printFact(`the same as before, since nothing has changed: ${made.status}`);
  else if (queuePosition !== null) printFact(`${made.status}, place ${queuePosition} in the queue`);
  return made.id;
}

/** One line for each new phase, and now and then between; throws when the report does not succeed. */
async function* linesOf(dispatcher: DemoClient, id: string): AsyncGenerator<string> {
  const startedAt = performance.now();
  let told = { phase: '', atMs: 0 };
  for await (const { reportUpdated } of dispatcher.watch('ReportWatch', { id })) {
    const { status, failure, progress } = reportUpdated;
    if (failure) throw new Error(`the report ${status}: ${failure.code} ${failure.message}`);
    const atMs = performance.now();
    if (progress.phase === told.phase && atMs - told.atMs < QUIET_MS) continue;
    told = { phase: progress.phase, atMs };
    const after = `+${((atMs - startedAt) / 1000).toFixed(1).padStart(5)} s`;
    yield `${after}  ${status.padEnd(9)}  ${progressOf(reportUpdated)}`;
  }
}

const QUIET_MS = 1_500;

function progressOf({ progress }: WatchedReport): string {
  const { phase, ratio, rowsRead, queuePosition, remainingSeconds } = progress;
  return [
    phase.padEnd(11),
    `${(ratio * 100).toFixed(0).padStart(3)} %`,
    plural(rowsRead, 'row').padStart(10),
    queuePosition === null ? '' : `  place ${queuePosition} in the queue`,
    remainingSeconds === null ? '' : `  about ${remainingSeconds} s to go`,
  ]
    .join(' ')
    .trimEnd();
}
