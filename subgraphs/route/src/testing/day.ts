import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Identity } from '@quantumroute/ops/identity';
import { encodeId } from '@quantumroute/schema/ids';

import { BERLIN, DAY } from './fleet-stand-in.ts';
import type { Organization } from './fleet-stand-in.ts';
import type { Answer, RouteWorld } from './route-world.ts';
import { dispatcher } from './route-world.ts';

/** An order near the depot; the further `index`, the further away. */
export function orderInput(index = 0, changes: object = {}): Answer {
  return {
    serviceDate: DAY,
    place: {
      name: `Customer ${index}`,
      addressLines: [`Street ${index}`],
      postalCode: '10115',
      countryCode: 'DE',
      point: {
        latitude: BERLIN.latitude + 0.002 * (index + 1),
        longitude: BERLIN.longitude + 0.003 * ((index % 7) - 3),
      },
    },
    parcels: [{ reference: `P${index}`, quantity: 2, weightKg: 3, volumeM3: 0.05 }],
    ...changes,
  };
}

export const ORDERS_CREATE = `mutation ($input: OrdersCreateInput!) {
  ordersCreate(input: $input) {
    orders { id version trackingNumber externalReference status trackingUrl depot { id } partner { id }
      priority load { weightKg volumeM3 parcels } }
    userErrors { __typename code message path }
  }
}`;

export async function createOrders(
  world: RouteWorld,
  identity: Identity,
  orders: readonly object[],
): Promise<Answer[]> {
  const input = { idempotencyKey: randomUUID(), orders };
  const { ordersCreate } = await world.ask(identity, ORDERS_CREATE, { input });
  assert.deepEqual(ordersCreate.userErrors, []);
  return ordersCreate.orders;
}

export const PLAN_OPTIMIZE = `mutation ($input: PlanOptimizeInput!) {
  planOptimize(input: $input) {
    run { id status progress { assigned unassigned } plan { id version status } }
    scope { orders vehicles presentRoutes lockedRoutes }
    userErrors { __typename code message path ... on QuotaExceededError { retryAfterSeconds } }
  }
}`;

/** So few steps that a run ends soon, and is the same on a busy machine. */
const QUICK = { timeLimitSeconds: 60, iterationLimit: 300 };

export function optimizeInput(organization: Organization, changes: object = {}): Answer {
  const depotId = encodeId('depot', organization.depotId);
  return { idempotencyKey: randomUUID(), depotId, date: DAY, ...QUICK, ...changes };
}

const RUN = `query ($id: ID!) {
  optimizationRun(id: $id) {
    id status mode failure startedAt finishedAt progress { elapsedSeconds bestCost assigned unassigned }
    diff { movedStops resequencedStops brokenPromises worstEtaShiftSeconds newlyAssigned newlyUnassigned
      costDelta { amount currency } distanceDeltaMeters }
    proposal { unassignedCount metrics { distanceMeters cost { amount currency } }
      routes { stopCount vehicle { id } driver { id } metrics { drivingSeconds } } }
    plan { id version status }
  }
}`;

/** Waits for the end of a run. */
export async function endOfRun(world: RouteWorld, identity: Identity, id: string): Promise<Answer> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const { optimizationRun } = await world.ask(identity, RUN, { id });
    if (!['QUEUED', 'RUNNING'].includes(optimizationRun.status)) return optimizationRun;
    await sleep(50);
  }
  throw new Error(`Run ${id} did not end`);
}

export async function optimize(world: RouteWorld, organization: Organization): Promise<Answer> {
  const identity = dispatcher(organization);
  const input = optimizeInput(organization);
  const { planOptimize } = await world.ask(identity, PLAN_OPTIMIZE, { input });
  assert.deepEqual(planOptimize.userErrors, []);
  const run = await endOfRun(world, identity, planOptimize.run.id);
  assert.equal(run['status'], 'SUCCEEDED', run['failure']);
  return run;
}

export const PLAN_PUBLISH = `mutation ($planId: ID!, $version: Int!, $runId: ID!) {
  planPublish(planId: $planId, expectedVersion: $version, runId: $runId) {
    plan { id version status metrics { distanceMeters serviceSeconds cost { amount currency } }
      routes { nodes { id version status vehicle { id displayName registrationPlate }
        driver { id displayName } planned { distanceMeters serviceSeconds waitingSeconds }
        stops { nodes { id sequence kind status window { start end } serviceSeconds
          planned { arrival departure } legFromPrevious { distanceMeters isEstimated }
          orders { id status version parcels { reference quantity } promisedWindow { start end } } } } } }
      unassigned { nodes { id unassignedReasons { code } } count { value precision } } }
    userErrors { __typename code message path ... on VersionConflictError { currentVersion }
      ... on IllegalTransitionError { currentStatus allowed } }
  }
}`;

/** Plans the day from its orders and publishes the plan. */
export async function publish(world: RouteWorld, organization: Organization): Promise<Answer> {
  const run = await optimize(world, organization);
  const variables = { planId: run['plan'].id, version: run['plan'].version, runId: run['id'] };
  const { planPublish } = await world.ask(dispatcher(organization), PLAN_PUBLISH, variables);
  assert.deepEqual(planPublish.userErrors, []);
  return planPublish.plan;
}

export const ROUTES_DISPATCH = `mutation ($ids: [ID!]!, $key: String!) {
  routesDispatch(ids: $ids, idempotencyKey: $key) {
    routes { id version status }
    userErrors { __typename code message path ... on IllegalTransitionError { currentStatus allowed } }
  }
}`;

/** Publishes the day and dispatches all of its routes. */
export async function dispatchDay(world: RouteWorld, organization: Organization): Promise<Answer> {
  const plan = await publish(world, organization);
  const ids = plan['routes'].nodes.map(({ id }: Answer) => id);
  const variables = { ids, key: randomUUID() };
  const answer = await world.ask(dispatcher(organization), ROUTES_DISPATCH, variables);
  assert.deepEqual(answer['routesDispatch'].userErrors, []);
  return plan;
}

const STOP_PAYLOAD = `
  stop { id version status punctuality actual { arrival departure } failure { reason note at }
    proofOfDelivery { capturedAt recipientName distanceFromStopMeters sha256 }
    orders { id status parcels { reference deliveredQuantity } } }
  route { id version status nextStop { id } progress { completedStops failedStops totalStops } }
  userErrors { __typename code message path ... on IllegalTransitionError { currentStatus allowed } }`;

export const STOP_ARRIVE = `mutation ($id: ID!, $input: StopArriveInput!) {
  payload: stopArrive(id: $id, input: $input) { ${STOP_PAYLOAD} }
}`;
export const STOP_COMPLETE = `mutation ($id: ID!, $input: StopCompleteInput!) {
  payload: stopComplete(id: $id, input: $input) { ${STOP_PAYLOAD} }
}`;
export const STOP_CORRECT = `mutation ($id: ID!, $version: Int!, $input: StopCorrectInput!) {
  payload: stopCorrect(id: $id, expectedVersion: $version, input: $input) { ${STOP_PAYLOAD} }
}`;
export const STOP_FAIL = `mutation ($id: ID!, $input: StopFailInput!) {
  payload: stopFail(id: $id, input: $input) { ${STOP_PAYLOAD} }
}`;

/** The input of a step at a stop that happens now. */
export function now(changes: object = {}): Answer {
  return { idempotencyKey: randomUUID(), occurredAt: new Date().toISOString(), ...changes };
}
