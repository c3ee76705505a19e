import { randomUUID } from 'node:crypto';

import type { PlanDiff, Run } from './answers.ts';
import type { DemoClient } from './client.ts';
import type { DepotDay } from './depot-day.ts';
import { plural, printCost, printFact, printStep } from './print.ts';

/** Optimizes, shows the progress as it comes, what would change and why orders are left out, publishes. */
export async function planTheDay(dispatcher: DemoClient, depot: DepotDay): Promise<Run> {
  printStep('The day is planned: its progress comes over a subscription, and then it is published');
  const run = await optimize(dispatcher, depot, { timeLimitSeconds: 10 });
  await publish(dispatcher, run);
  await showLeftOut(dispatcher, depot);
  return run;
}

/** Plans again around what is published: nothing moves, and nobody's promise is broken. */
export async function insertLateOrders(dispatcher: DemoClient, depot: DepotDay): Promise<void> {
  printStep('A late order is put into the published plan: nothing that is planned moves');
  const changes = { mode: 'INSERT', stability: 1, timeLimitSeconds: 3 };
  const run = await optimize(dispatcher, depot, changes);
  await publish(dispatcher, run);
}

async function optimize(
  dispatcher: DemoClient,
  { id: depotId, date }: DepotDay,
  changes: object,
): Promise<Run> {
  const input = { idempotencyKey: randomUUID(), depotId, date, ...changes };
  const started = await dispatcher.run('Optimize', { input });
  printCost('Optimize', started.cost);
  const { run, scope } = started.data.planOptimize;
  const { orders, vehicles, presentRoutes } = scope;
  printFact(`${orders} orders, ${vehicles} vehicles, ${presentRoutes} routes published so far`);
  await watch(dispatcher, run.id);
  const { data, cost } = await dispatcher.run('OptimizeProgress', { id: run.id });
  printCost('OptimizeProgress, at the end', cost);
  const finished = data.optimizationRun;
  if (finished.diff === null) throw new Error(`the run ended ${finished.status}`);
  printDiff(finished.diff);
  return finished;
}

async function watch(dispatcher: DemoClient, id: string): Promise<void> {
  const events = dispatcher.watch('OptimizeWatch', { id });
  for await (const { optimizationRunUpdated } of events) {
    const { status, progress, failure } = optimizationRunUpdated;
    if (status === 'FAILED') throw new Error(`the run failed: ${failure}`);
    const { elapsedSeconds, bestCost, assigned, unassigned, improvements } = progress;
    const cost = bestCost === null ? 'no plan yet' : `cost ${bestCost.toFixed(2)}`;
    const figures = [
      `+${elapsedSeconds.toFixed(1).padStart(5)} s`,
      status.padEnd(9),
      `${assigned} planned, ${unassigned} left out`.padEnd(26),
      cost,
      `(${plural(improvements.length, 'improvement')})`,
    ];
    printFact(figures.join('  '));
  }
}

function printDiff(diff: PlanDiff): void {
  const minutes = Math.round(diff.worstEtaShiftSeconds / 60);
  const cost = diff.costDelta === null ? '' : `, ${signed(Number(diff.costDelta.amount))} of cost`;
  printFact(
    `would change: ${plural(diff.movedStops, 'stop')} moved, ${diff.resequencedStops} resequenced, ` +
      `${plural(diff.brokenPromises, 'promise')} broken, arrivals shifted by ${minutes} min at most`,
  );
  printFact(
    `${plural(diff.newlyAssigned, 'order')} newly planned, ${diff.newlyUnassigned} newly left out, ` +
      `${signed(diff.distanceDeltaMeters / 1000)} km${cost}`,
  );
}

function signed(amount: number): string {
  return `${amount < 0 ? '−' : '+'}${Math.abs(amount).toFixed(0)}`;
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

/** The first orders that nobody serves, each with what blocks it most. */
async function showLeftOut(dispatcher: DemoClient, depot: DepotDay): Promise<void> {
  const open = await dispatcher.run('BoardOpen', { depotId: depot.id, date: depot.date });
  const orders = open.data.plan?.unassigned.nodes ?? [];
  if (orders.length === 0) return printFact('no order is left out');
  for (const { trackingNumber, unassignedReasons } of orders.slice(0, SHOWN)) {
    const [reason] = unassignedReasons;
    printFact(`${trackingNumber} is left out: ${reason?.code} ${reason?.message}`);
  }
}

const SHOWN = 3;
