import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { overEventStream, overSocket } from '../subscriptions/live-clients.ts';
import { at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';

/** Fields of fleet in every state: the gateway completes each of them. */
const WATCH = `subscription ($id: ID!) { optimizationRunUpdated(id: $id) {
  id status progress { elapsedSeconds bestCost assigned unassigned }
  plan { version depot { name timeZone } }
  proposal { routes { vehicle { displayName } driver { displayName } stopCount } }
  diff { newlyAssigned costDelta { currency } } } }`;

/** Tests on a stack that is there when they begin. */
export function watchingRuns(stackOf: () => TestStack): void {
  describe('an optimization run', () => {
    let stack: TestStack;
    let depot: { id: string; name: string };
    let date: string;
    before(async () => {
      stack = stackOf();
      const query = `{ depots(first: 1) { nodes { id name } } orders(first: 1) { nodes { serviceDate } } }`;
      const data = await dataFor(stack, 'dispatcher', { query });
      depot = at(data, 'depots', 'nodes', '0') as typeof depot;
      date = at(data, 'orders', 'nodes', '0', 'serviceDate') as string;
    });

    async function startRun(timeLimitSeconds: number): Promise<string> {
      const query = `mutation ($input: PlanOptimizeInput!) { planOptimize(input: $input) {
      run { id } userErrors { message } } }`;
      const input = { idempotencyKey: randomUUID(), depotId: depot.id, date, timeLimitSeconds };
      const data = await dataFor(stack, 'dispatcher', { query, variables: { input } });
      assert.deepEqual(at(data, 'planOptimize', 'userErrors'), []);
      return at(data, 'planOptimize', 'run', 'id') as string;
    }

    for (const [transport, watch] of [
      ['a socket', overSocket],
      ['an event stream', overEventStream],
    ] as const) {
      test(`comes over ${transport} with fields of other subgraphs, up to its end`, async () => {
        const id = await startRun(2);
        const token = tokenOf(stack, 'dispatcher');
        const startedAt = performance.now();
        const run = watch(stack.urls.gateway, { query: WATCH, variables: { id }, token });
        await run.ended;
        const states = run.results.map((result) => at(result, 'data', 'optimizationRunUpdated'));
        const tookMs = performance.now() - startedAt;
        assert.ok(states.length >= 1, 'no state');
        assert.ok(states.length <= tookMs / 500 + 2, `${states.length} states in ${tookMs} ms`);
        for (const state of states) assert.equal(at(state, 'plan', 'depot', 'name'), depot.name);
        const last = states.at(-1);
        assert.equal(at(last, 'status'), 'SUCCEEDED');
        const routes = at(last, 'proposal', 'routes') as object[];
        for (const route of routes) assert.ok(at(route, 'vehicle', 'displayName'));
        assert.ok(at(last, 'diff', 'costDelta', 'currency'));
      });
    }

    test('is ended early by another client of the same organization', async () => {
      const id = await startRun(60);
      const token = tokenOf(stack, 'dispatcher');
      const run = overSocket(stack.urls.gateway, { query: WATCH, variables: { id }, token });
      await run.until(1);
      const query = `mutation ($id: ID!) { optimizationRunFinish(id: $id) { userErrors { code } } }`;
      const finish = async () => {
        const data = await dataFor(stack, 'dispatcher', { query, variables: { id } });
        return at(data, 'optimizationRunFinish', 'userErrors') as object[];
      };
      // A run that waits for its thread cannot be ended yet.
      while ((await finish()).length > 0) await run.until(run.results.length + 1);
      await run.ended;
      assert.equal(at(run.results.at(-1), 'data', 'optimizationRunUpdated', 'status'), 'SUCCEEDED');
    });
  });
}
