import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { newId } from '@quantumroute/schema/ids';

import { DEFAULT_ALGORITHM } from '../planning/algorithms.ts';
import { createOrders, optimizeInput, orderInput, PLAN_OPTIMIZE } from './day.ts';
import { addOrganization, DAY } from './fleet-stand-in.ts';
import type { Organization } from './fleet-stand-in.ts';
import { dispatcher } from './route-world.ts';
import type { Answer, RouteWorld } from './route-world.ts';

export const CANCEL_RUN = `mutation ($id: ID!) { payload: optimizationRunCancel(id: $id) {
  run { id status } userErrors { code path ... on IllegalTransitionError { currentStatus } } } }`;

/** So many orders that planning them takes a while. */
export async function busyOrganization(world: RouteWorld, name: string): Promise<Organization> {
  const organization = await addOrganization(world, { name, vans: 12 });
  const orders = Array.from({ length: 400 }, (_, index) => orderInput(index));
  await createOrders(world, dispatcher(organization), orders);
  return organization;
}

export async function askForRun(
  world: RouteWorld,
  organization: Organization,
  changes: object = {},
): Promise<Answer> {
  const input = optimizeInput(organization, { iterationLimit: null, ...changes });
  const { planOptimize } = await world.ask(dispatcher(organization), PLAN_OPTIMIZE, { input });
  return planOptimize;
}

export async function startRun(
  world: RouteWorld,
  organization: Organization,
  changes: object = { timeLimitSeconds: 4 },
): Promise<Answer> {
  const { run, userErrors } = await askForRun(world, organization, changes);
  assert.deepEqual(userErrors, []);
  return run;
}

export async function untilRunning(
  world: RouteWorld,
  organization: Organization,
  id: string,
): Promise<void> {
  const query = 'query ($id: ID!) { optimizationRun(id: $id) { status progress { assigned } } }';
  for (let attempt = 0; attempt < 600; attempt++) {
    const { optimizationRun } = await world.ask(dispatcher(organization), query, { id });
    if (optimizationRun.status === 'RUNNING' && optimizationRun.progress.assigned > 0) return;
    await sleep(25);
  }
  throw new Error(`Run ${id} did not start`);
}

async function insertPlan(
  world: RouteWorld,
  { organizationId, depotId }: Organization,
  date: string,
) {
  const planId = newId();
  await world.sql(
    `insert into route.plans (id, organization_id, depot_id, service_date) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [planId, organizationId, depotId, date],
  );
  const [plan] = await world.sql(
    'select id from route.plans where depot_id = $1 and service_date = $2',
    [depotId, date],
  );
  return String(plan?.['id']);
}

const INSERT_RUN = `insert into route.optimization_runs (id, organization_id, plan_id, plan_version,
  algorithm, seed, time_limit_seconds, requested_by, status, attempt, started_at, leased_until,
  locked_route_ids)
  values ($1, $2, $3, 1, $4, 1, 60, 'test', $5, $6, case when $5 = 'RUNNING' then now() end,
    now() + $7::interval, $8)`;

/** A run in the hands of a process of which nothing is heard. */
export async function insertRunning(
  world: RouteWorld,
  organization: Organization,
  { date = DAY, heldFor, attempt = 1 }: { date?: string; heldFor: string; attempt?: number },
): Promise<string> {
  const [id, planId] = [newId(), await insertPlan(world, organization, date)];
  const run = [id, organization.organizationId, planId, DEFAULT_ALGORITHM];
  await world.sql(INSERT_RUN, [...run, 'RUNNING', attempt, heldFor, []]);
  return id;
}

export async function insertQueued(
  world: RouteWorld,
  organization: Organization,
  date: string,
  { algorithm = DEFAULT_ALGORITHM, lockedRouteIds = [] }: QueuedChanges = {},
): Promise<string> {
  const [id, planId] = [newId(), await insertPlan(world, organization, date)];
  const run = [id, organization.organizationId, planId, algorithm];
  await world.sql(INSERT_RUN, [...run, 'QUEUED', 0, null, lockedRouteIds]);
  return id;
}

type QueuedChanges = { algorithm?: string; lockedRouteIds?: string[] };

export async function addShift(
  world: RouteWorld,
  { organizationId, depotId, crews }: Organization,
  date: string,
) {
  const { driverId, vehicleId } = crews[0]!;
  await world.sql(`insert into fleet_published.shifts values ($1, $2, $3, $4, $5, $6, $7)`, [
    newId(),
    organizationId,
    depotId,
    driverId,
    vehicleId,
    `${date}T07:00:00Z`,
    `${date}T16:00:00Z`,
  ]);
}

export async function cancelAll(
  world: RouteWorld,
  { organizationId }: Organization,
): Promise<void> {
  await world.sql(
    `update route.optimization_runs set status = 'CANCELED', finished_at = now()
     where organization_id = $1 and status in ('QUEUED', 'RUNNING')`,
    [organizationId],
  );
}

/** Takes the only thread of the process, so that nothing else is taken while the test looks. */
export async function holdQueue(
  world: RouteWorld,
): Promise<AsyncDisposable & { release(): Promise<void> }> {
  const holder = await busyOrganization(world, 'Holder');
  const run = await startRun(world, holder, { timeLimitSeconds: 100 });
  await untilRunning(world, holder, run['id']);
  const release = async () =>
    void (await world.ask(dispatcher(holder), CANCEL_RUN, { id: run['id'] }));
  return { release, [Symbol.asyncDispose]: release };
}
