import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { ask } from '../small-graph/ask.ts';
import { overEventStream, overSocket } from '../subscriptions/live-clients.ts';
import { at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';
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
    }
  });
}
