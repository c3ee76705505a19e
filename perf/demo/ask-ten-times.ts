import { randomUUID } from 'node:crypto';

import type { DemoClient } from './client.ts';
import { daysBefore, type DepotDay } from './depot-day.ts';
import { plural, printCost, printFact, printStep } from './print.ts';

/** Ten managers ask for the same report at the same moment: it is made once. */
export async function askTenTimes(managers: readonly DemoClient[], depot: DepotDay): Promise<void> {
  printStep('Monday at eight: ten managers request the same report at the same moment');
  const answers = await Promise.all(
    Array.from({ length: TEN }, (_, index) => request(managers[index % managers.length], depot)),
  );
  const slowest = answers.reduce((a, b) => (a.cost.milliseconds > b.cost.milliseconds ? a : b));
  printCost('ReportRequest, the slowest', slowest.cost);
  const made = new Set(answers.map(({ id }) => id)).size;
  const reused = answers.filter((answer) => answer.reused).length;
  printFact(`${TEN} requests, ${plural(made, 'report')}: ${reused} of the answers are reused`);
}

const TEN = 10;

async function request(manager: DemoClient | undefined, depot: DepotDay) {
  if (!manager) throw new Error('nobody is there to ask');
  const { data, cost } = await manager.run('ReportRequest', {
    input: {
      idempotencyKey: randomUUID(),
      kind: 'DAILY_OPERATIONS',
      subjectId: depot.id,
      period: { from: daysBefore(depot.date, 7), to: depot.date },
      formats: ['HTML'],
      maxStalenessSeconds: 0,
    },
  });
  const { reused, report } = data.reportRequest;
  return { id: report.id, reused, cost };
}
