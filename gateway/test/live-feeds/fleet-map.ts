import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { ask } from '../small-graph/ask.ts';
import { overEventStream, overSocket } from '../subscriptions/live-clients.ts';
import { askAs, at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';
import type { Mint } from '../whole-stack/mint-for.ts';
import { readRegistered } from '../whole-stack/registered.ts';
import { resultOf } from './result-of.ts';

const INGEST = `mutation ($input: PositionsIngestInput!) {
  positionsIngest(input: $input) { accepted } }`;

/** Tests on a stack that is there when they begin. */
export function followingVehicles(given: () => { stack: TestStack; mint: Mint }): void {
  describe('the map of a depot', () => {
    let stack: TestStack;
    let tracker: string;
    let depotId: string;
    let vehicleId: string;
    before(async () => {
      const { mint } = given();
      ({ stack } = given());
      const query = `{ viewer { organization { id } }
        depots(first: 1) { nodes { id vehicles(first: 1) { nodes { id } } } } }`;
      const { viewer, depots } = await dataFor(stack, 'dispatcher', { query });
      depotId = at(depots, 'nodes', '0', 'id') as string;
      vehicleId = at(depots, 'nodes', '0', 'vehicles', 'nodes', '0', 'id') as string;
      const org = at(viewer, 'organization', 'id');
      tracker = await mint({ sub: 'tracker', org, scope: 'telemetry:write' });
    });

    async function report(latitude: number): Promise<void> {
      const position = { point: { latitude, longitude: -87.7 }, recordedAt: new Date() };
      const variables = { input: { vehicleId, positions: [position] } };
      const { data } = await ask(stack.urls.gateway, { query: INGEST, variables, token: tracker });
      assert.equal(at(data, 'positionsIngest', 'accepted'), 1);
    }

    const vehiclesIn = (data: unknown) =>
      at(data, 'vehiclePositions', 'vehicles') as Record<string, unknown>[];
    const isAt = (latitude: number) => (data: unknown) =>
      vehiclesIn(data).some(
        (vehicle) =>
          vehicle['id'] === vehicleId && at(vehicle, 'position', 'point', 'latitude') === latitude,
      );

    for (const [transport, watch, latitude] of [
      ['a socket', overSocket, 41.91],
      ['an event stream', overEventStream, 41.92],
    ] as const) {
      test(`follows its vehicles over ${transport}, with fields of route`, async () => {
        const map = watch(stack.urls.gateway, {
          query: await readRegistered('web', 'LiveFleet'),
          variables: { depotId, intervalSeconds: 1 },
          token: tokenOf(stack, 'dispatcher'),
        });
        await report(latitude);
        const frame = await resultOf(map, isAt(latitude));
        for (const vehicle of vehiclesIn(frame)) assert.ok('nextStopEta' in vehicle);
        await report(latitude + 0.005);
        await resultOf(map, isAt(latitude + 0.005));
        map.leave();
      });

      test(`tells who comes back over ${transport} what has changed meanwhile`, async () => {
        const query = await readRegistered('web', 'LiveFleet');
        const follow = (cursor: unknown) =>
          watch(stack.urls.gateway, {
            query,
            variables: { depotId, intervalSeconds: 1 },
            token: tokenOf(stack, 'dispatcher'),
            extensions: { cursor },
          });
        const map = follow(null);
        await report(latitude - 0.1);
        await resultOf(map, isAt(latitude - 0.1));
        map.leave();
        const { cursor } = map.results.at(-1)?.extensions ?? {};
        for (const moved of [0.2, 0.3]) await report(latitude - moved);
        const again = follow(cursor);
        const [missed] = await again.until(1);
        assert.equal(vehiclesIn(missed?.data).length, 1, 'nobody else has moved');
        assert.ok(isAt(latitude - 0.3)(missed?.data));
        assert.equal(missed?.extensions?.['gap'], undefined);
        again.leave();
      });
    }

    test('leaves the caches of its organization alone, as the reports of its vehicles do', async () => {
      const map = overSocket(stack.urls.gateway, {
        query: await readRegistered('web', 'LiveFleet'),
        variables: { depotId, intervalSeconds: 1 },
        token: tokenOf(stack, 'dispatcher'),
      });
      await map.until(1);
      const fetches = async () => {
        const query = '{ depots(first: 1) { nodes { id name } } }';
        const { headers } = await askAs(stack, 'dispatcher', { query });
        return Number(/fetches;desc="(\d+)"/.exec(headers.get('server-timing') ?? '')?.[1]);
      };
      // An answer is kept behind the client's back.
      while ((await fetches()) > 0) await sleep(10);
      await report(41.94);
      await resultOf(map, isAt(41.94));
      assert.equal(await fetches(), 0);
      map.leave();
    });

    test('is one subscription for all who have it open, whenever they came', async () => {
      const query = await readRegistered('web', 'LiveFleet');
      const variables = { depotId, intervalSeconds: 1 };
      const follow = () =>
        overSocket(stack.urls.gateway, { query, variables, token: tokenOf(stack, 'dispatcher') });
      const maps = [];
      for (const latitude of [41.95, 41.96, 41.97]) {
        maps.push(follow());
        await report(latitude);
        await Promise.all(maps.map((map) => resultOf(map, isAt(latitude))));
      }
      const sources = async () => {
        const metrics = await (await fetch(`${stack.urls.gateway}/metrics`)).text();
        return Number(/^quantumroute_subscription_sources\S* (\d+)$/m.exec(metrics)?.[1]);
      };
      for (let latitude = 42; (await sources()) > 1; latitude += 0.01) {
        await report(latitude);
        await Promise.all(maps.map((map) => resultOf(map, isAt(latitude))));
      }
      await report(43);
      await Promise.all(maps.map((map) => resultOf(map, isAt(43))));
      for (const map of maps) map.leave();
    });
  });
}
