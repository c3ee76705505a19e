import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { ask } from '../small-graph/ask.ts';
import { overEventStream, overSocket } from '../subscriptions/live-clients.ts';
import type { Watch } from '../subscriptions/live-clients.ts';
import { at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';
import type { Mint } from '../whole-stack/mint-for.ts';
import { readRegistered } from '../whole-stack/registered.ts';
import { resultOf } from './result-of.ts';

type Step = 'stopArrive' | 'stopComplete';

/** Tests on a stack that is there when they begin. */
export function followingADay(given: () => { stack: TestStack; mint: Mint }): void {
  describe('a day on the road', () => {
    let stack: TestStack;
    let driver: string;
    let route: unknown;
    before(async () => {
      const { mint } = given();
      ({ stack } = given());
      route = await dispatchedRoute(stack);
      const { viewer } = await dataFor(stack, 'dispatcher', {
        query: '{ viewer { organization { id } } }',
      });
      driver = await mint({
        sub: 'usr_driver',
        org: at(viewer, 'organization', 'id'),
        driver: at(route, 'driver', 'id'),
        scope: 'driver:self',
      });
    });

    async function step(mutation: Step, stop: number): Promise<void> {
      const type = mutation === 'stopArrive' ? 'StopArriveInput' : 'StopCompleteInput';
      const query = `mutation ($id: ID!, $input: ${type}!) {
        ${mutation}(id: $id, input: $input) { userErrors { message } } }`;
      const variables = {
        id: at(route, 'stops', 'nodes', String(stop), 'id'),
        input: { idempotencyKey: randomUUID(), occurredAt: new Date() },
      };
      const { data, errors } = await ask(stack.urls.gateway, { query, variables, token: driver });
      assert.equal(errors, undefined, JSON.stringify(errors));
      assert.deepEqual(at(data, mutation, 'userErrors'), []);
    }

    test('is followed by its driver, its dispatcher, and the customer who has a token', async () => {
      const url = stack.urls.gateway;
      const toBoard = {
        query: await readRegistered('web', 'BoardLive'),
        variables: { depotId: at(route, 'depot', 'id'), date: at(route, 'date') },
        token: tokenOf(stack, 'dispatcher'),
      };
      const board = overSocket(url, toBoard);
      await resultOf(board, (data) => at(data, 'boardUpdated', 'reload') === true);
      const trackingUrl = at(route, 'stops', 'nodes', '1', 'orders', '0', 'trackingUrl') as string;
      const toApp = { query: await readRegistered('driver', 'DriverRouteLive'), token: driver };
      const app = overSocket(url, toApp);
      const toPage = {
        query: await readRegistered('tracking', 'PublicTrackingLive'),
        variables: { token: trackingUrl.split('/').at(-1) },
      };
      const page = overEventStream(url, toPage);
      const is = (field: string, expected: Record<string, unknown>) => (data: unknown) =>
        Object.entries(expected).every(([name, value]) => at(data, field, name) === value);
      await resultOf(app, is('myRouteUpdated', { id: at(route, 'id'), status: 'DISPATCHED' }));
      await resultOf(page, is('orderTracking', { status: 'DISPATCHED', stopsAway: null }));
      await step('stopArrive', 0);
      await resultOf(app, is('myRouteUpdated', { status: 'IN_PROGRESS' }));
      await resultOf(page, is('orderTracking', { stopsAway: 1 }));
      await step('stopComplete', 0);
      await resultOf(page, is('orderTracking', { stopsAway: 0 }));
      await step('stopArrive', 1);
      await step('stopComplete', 1);
      await page.ended;
      assert.equal(lastOf(page, 'orderTracking', 'status'), 'DELIVERED');
      const next = at(route, 'stops', 'nodes', '2', 'id');
      await resultOf(app, (data) => at(data, 'myRouteUpdated', 'nextStop', 'id') === next);
      app.leave();
      const seen = new Set<unknown>();
      await resultOf(board, (data) => {
        const change = at(data, 'boardUpdated', 'change');
        seen.add(at(change, '__typename'));
        return at(change, 'progress', 'completedStops') === 2;
      });
      board.leave();
      for (const type of ['Route', 'Stop', 'Order']) assert.ok(seen.has(type), type);
      // Whoever comes back to his first event is told what has become of everything since.
      const boardAgain = overSocket(url, { ...toBoard, extensions: cursorOf(board) });
      await resultOf(boardAgain, (data) => {
        assert.equal(at(data, 'boardUpdated', 'reload'), false);
        return at(data, 'boardUpdated', 'change', 'progress', 'completedStops') === 2;
      });
      boardAgain.leave();
      const appAgain = overSocket(url, { ...toApp, extensions: cursorOf(app) });
      const [state] = await appAgain.until(1);
      assert.equal(at(state?.data, 'myRouteUpdated', 'nextStop', 'id'), next);
      appAgain.leave();
      const pageAgain = overEventStream(url, { ...toPage, extensions: cursorOf(page) });
      await pageAgain.ended;
      assert.equal(pageAgain.results.length, 1);
      assert.equal(lastOf(pageAgain, 'orderTracking', 'status'), 'DELIVERED');
    });
  });
}

/** Of the first event. */
function cursorOf({ results }: Watch): Record<string, unknown> {
  return { cursor: at(results[0], 'extensions', 'cursor') };
}

function lastOf(watch: Watch, ...path: string[]): unknown {
  return at(watch.results.at(-1), 'data', ...path);
}

/** Plans the demo's open day, publishes it and dispatches a route of three stops or more. */
async function dispatchedRoute(stack: TestStack): Promise<unknown> {
  const run = async (query: string, variables: Record<string, unknown>) => {
    const data = await dataFor(stack, 'dispatcher', { query, variables });
    const [payload] = Object.values(data);
    assert.deepEqual(at(payload, 'userErrors'), []);
    return payload;
  };
  const found = await dataFor(stack, 'dispatcher', {
    query: '{ depots(first: 1) { nodes { id } } orders(first: 1) { nodes { serviceDate } } }',
  });
  const input = {
    idempotencyKey: randomUUID(),
    depotId: at(found, 'depots', 'nodes', '0', 'id'),
    date: at(found, 'orders', 'nodes', '0', 'serviceDate'),
    timeLimitSeconds: 1,
  };
  const asked = await run(
    `mutation ($input: PlanOptimizeInput!) { planOptimize(input: $input) {
      run { id } userErrors { message } } }`,
    { input },
  );
  const runId = at(asked, 'run', 'id');
  const watch = overSocket(stack.urls.gateway, {
    query: `subscription ($id: ID!) { optimizationRunUpdated(id: $id) { status plan { id version } } }`,
    variables: { id: runId },
    token: tokenOf(stack, 'dispatcher'),
  });
  await watch.ended;
  const published = await run(
    `mutation ($planId: ID!, $expectedVersion: Int!, $runId: ID!) {
      planPublish(planId: $planId, expectedVersion: $expectedVersion, runId: $runId) {
        plan { routes { nodes { id date depot { id } driver { id }
          stops(first: 3) { nodes { id orders { id trackingUrl } } } } } }
        userErrors { message } } }`,
    {
      runId,
      planId: lastOf(watch, 'optimizationRunUpdated', 'plan', 'id'),
      expectedVersion: lastOf(watch, 'optimizationRunUpdated', 'plan', 'version'),
    },
  );
  const routes = at(published, 'plan', 'routes', 'nodes') as object[];
  const route = routes.find((each) => (at(each, 'stops', 'nodes') as object[]).length === 3);
  await run(
    `mutation ($ids: [ID!]!, $idempotencyKey: String!) {
      routesDispatch(ids: $ids, idempotencyKey: $idempotencyKey) { userErrors { message } } }`,
    { ids: [at(route, 'id')], idempotencyKey: randomUUID() },
  );
  return route;
}
