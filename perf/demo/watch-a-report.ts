import { randomUUID } from 'node:crypto';

import type { DemoClient } from './client.ts';
import type { DepotDay } from './depot-day.ts';
import { printCost, printFact, printStep } from './print.ts';

/** Requests a report, watches its phases arrive, shows the figures and the files. */
export async function watchAReport(dispatcher: DemoClient, depot: DepotDay): Promise<void> {
  printStep('The dispatcher requests a report and watches it being made');
  const input = {
    idempotencyKey: randomUUID(),
    kind: 'ON_TIME_IN_FULL',
    subjectId: depot.id,
    period: { from: daysBefore(depot.date, 29), to: depot.date },
    formats: ['CSV', 'HTML'],
  };
  const requested = await dispatcher.run('ReportRequest', { input });
  printCost('ReportRequest', requested.cost);
  const { report } = requested.data.reportRequest;
  printFact(`answered at once: ${report.status}`);
  await watch(dispatcher, report.id);
  await showResult(dispatcher, report.id);
}

async function watch(dispatcher: DemoClient, id: string): Promise<void> {
  const startedAt = performance.now();
  for await (const event of dispatcher.watch('ReportWatch', { id })) {
    const { status, progress } = event.reportUpdated;
    const after = `${(performance.now() - startedAt).toFixed(0)} ms`;
    const ratio = `${(progress.ratio * 100).toFixed(0)} %`;
    printFact(`+${after.padStart(8)}  ${status.padEnd(10)} ${progress.phase.padEnd(11)} ${ratio}`);
  }
}

async function showResult(dispatcher: DemoClient, id: string): Promise<void> {
  const { data, cost } = await dispatcher.run('ReportResult', { id });
  printCost('ReportResult', cost);
  for (const { key, value, unit } of data.report.totals) {
    printFact(`${key.padEnd(16)} ${shown(value, unit)}`);
  }
  for (const { format, url, rowCount } of data.report.artifacts) {
    printFact(`${format.padEnd(4)} (${rowCount} rows) ${url}`);
  }
}

function shown(value: number | null, unit: string): string {
  if (value === null) return 'nothing to measure';
  return unit === 'RATIO' ? `${(value * 100).toFixed(1)} %` : `${value.toFixed(1)} ${unit}`;
}

function daysBefore(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - days);
  return day.toISOString().slice(0, 10);
}
