import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Run } from './answers.ts';
import type { DemoClient } from './client.ts';
import type { DepotDay } from './depot-day.ts';
import { printCost, printFact, printStep } from './print.ts';

/** Optimizes, shows the progress, publishes. */
export async function planTheDay(dispatcher: DemoClient, depot: DepotDay): Promise<void> {
  printStep('The day is planned and published');
  const input = {
    idempotencyKey: randomUUID(),
    depotId: depot.id,
    date: depot.date,
    timeLimitSeconds: 10,
  };
  const started = await dispatcher.run('Optimize', { input });
  printCost('Optimize', started.cost);
  const finished = await finishedRun(dispatcher, started.data.planOptimize.run.id);
  const { assigned, unassigned, elapsedSeconds } = finished.progress;
  printFact(
    `${assigned} orders planned, ${unassigned} left out, in ${elapsedSeconds.toFixed(1)} s`,
  );
  await publish(dispatcher, finished);
}

async function finishedRun(dispatcher: DemoClient, id: string): Promise<Run> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const { data, cost } = await dispatcher.run('OptimizeProgress', {
      id,
    });
    const { status } = data.optimizationRun;
    if (status === 'SUCCEEDED') {
      printCost('OptimizeProgress, at the end', cost);
      return data.optimizationRun;
    }
    if (status === 'FAILED' || status === 'CANCELED') throw new Error(`the run ended ${status}`);
    await sleep(250);
  }
  throw new Error('the run did not end within 30 s');
}

async function publish(dispatcher: DemoClient, run: Run): Promise<void> {
  const { data, cost } = await dispatcher.run('Publish', {
    planId: run.plan.id,
    expectedVersion: run.plan.version,
    runId: run.id,
  });
  printCost('Publish', cost);
  const { plan } = data.planPublish;
  const km = (run.proposal?.metrics.distanceMeters ?? 0) / 1000;
  printFact(
    `plan version ${plan.version}: ${plan.routes.nodes.length} routes, ${km.toFixed(0)} km`,
  );
}
