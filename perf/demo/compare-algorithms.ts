import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Run, ShadowedRun } from './answers.ts';
import type { DemoClient } from './client.ts';
import type { DepotDay } from './depot-day.ts';
import { printCost, printFact, printStep } from './print.ts';

/** Lets a second algorithm plan the depot's days as well, without being driven. */
export async function startShadows(dispatcher: DemoClient, depot: DepotDay): Promise<void> {
  printStep('A second algorithm is to shadow the planner at this depot');
  const running = await dispatcher.run('ExperimentList', { status: ['RUNNING'] });
  printCost('ExperimentList', running.cost);
  const experiment = running.data.experiments.find(
    ({ depots }) => depots.length === 0 || depots.some((each) => each?.id === depot.id),
  );
  if (experiment) return printFact(`${experiment.key} is running since an earlier demo`);
  const created = await dispatcher.run('ExperimentCreate', { input: experimentAt(depot) });
  printCost('ExperimentCreate', created.cost);
  const { id, key, version } = created.data.experimentCreate.experiment;
  const started = await dispatcher.run('ExperimentStart', { id, expectedVersion: version });
  printCost('ExperimentStart', started.cost);
  printFact(`${key} is ${started.data.experimentStart.experiment.status}`);
}

/** What the shadow of a run made of the same problem. It has waited until nothing else was planned. */
export async function showShadows(dispatcher: DemoClient, { id }: Run): Promise<void> {
  printStep('What the second algorithm made of the same day');
  const run = await endOfShadows(dispatcher, id);
  if (run.shadows.length === 0) {
    return printFact('the day was on the road already: only whole days are compared');
  }
  const { proposal, algorithm } = run;
  printPlan(algorithm, {
    ...proposal.metrics,
    unassigned: proposal.unassignedCount,
  });
  for (const { variant, status, figures, failure } of run.shadows) {
    if (figures) printPlan(variant.algorithm, figures);
    else printFact(`${variant.algorithm}: ${status} ${failure ?? ''}`);
  }
}

function experimentAt(depot: DepotDay) {
  return {
    idempotencyKey: randomUUID(),
    key: `sisr-or-ils-${randomUUID().slice(0, 8)}`,
    hypothesis:
      'On days of this size the local search (ils) is cheaper than string removal (sisr).',
    unit: 'SHADOW',
    variants: [
      { key: 'control', algorithm: 'sisr', isControl: true },
      { key: 'treatment', algorithm: 'ils' },
    ],
    depotIds: [depot.id],
  };
}

async function endOfShadows(dispatcher: DemoClient, id: string): Promise<ShadowedRun> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(1_000)) {
    const { data, cost } = await dispatcher.run('OptimizeShadows', { id });
    const run = data.optimizationRun;
    const isLive = run.shadows.some(({ status }) => status === 'QUEUED' || status === 'RUNNING');
    if (isLive && Date.now() < deadline) continue;
    printCost('OptimizeShadows', cost);
    return run;
  }
}

const PATIENCE_MS = 60_000;

function printPlan(
  algorithm: string,
  plan: { cost: { amount: string; currency: string }; distanceMeters: number; unassigned: number },
): void {
  const { cost, distanceMeters, unassigned } = plan;
  const km = `${(distanceMeters / 1000).toFixed(0)} km`;
  printFact(
    `${algorithm.padEnd(6)} ${cost.amount} ${cost.currency}, ${km}, ${unassigned} left out`,
  );
}
