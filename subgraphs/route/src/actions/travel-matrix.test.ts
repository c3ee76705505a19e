import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';

import { startRouter } from '../road-data/testing/router-stand-in.ts';
import type { RouterStandIn } from '../road-data/testing/router-stand-in.ts';
import { placeAt, placesTo, wayBetween } from '../road-data/testing/world.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let router: RouterStandIn;
let world: RouteWorld;
let user: Identity;

before(async () => {
  router = await startRouter();
  world = await openRouteWorld({
    env: { ROUTE_ROAD_PROVIDER: 'osrm', ROUTE_ROAD_URL: router.url },
  });
  user = dispatcher(await addOrganization(world, { name: 'Acme' }));
});
after(async () => {
  await world.close();
  await router.close();
});
beforeEach(() => {
  router.questions.length = 0;
  router.fault = null;
  router.delayMs = 0;
  router.world.isOffRoad = () => false;
  router.world.isReachable = () => true;
});

const QUERY = `query ($input: TravelMatrixInput!) {
  travelMatrix(input: $input) { durationsSeconds distancesMeters estimatedPairs } }`;

async function ask(input: object): Promise<Answer> {
  const { travelMatrix } = await world.ask(user, QUERY, { input });
  return travelMatrix;
}

test('answers row by row, by road and there and back apart', async () => {
  const [a, b, c] = placesTo(3);
  const matrix = await ask({ origins: [a, b], destinations: [a, b, c] });
  const { durationsSeconds: seconds, distancesMeters: meters } = matrix;
  assert.deepEqual([seconds.length, seconds[0].length, meters[1].length], [2, 3, 3]);
  assert.equal(seconds[1][1], 0);
  assert.ok(Math.abs(seconds[0][2] - wayBetween(placeAt(0), placeAt(2)).seconds) <= 3);
  assert.ok(seconds[0][1] > seconds[1][0]);
  assert.equal(matrix['estimatedPairs'], 0);
  assert.equal(router.questions.length, 1);
});

test('says where no way leads, and how many pairs are estimated', async () => {
  router.world.isReachable = () => false;
  router.world.isOffRoad = ({ latitude }) => Math.abs(latitude - placeAt(2).latitude) < 1e-4;
  const [a, b, c] = placesTo(3);
  const { durationsSeconds, distancesMeters, estimatedPairs } = await ask({
    origins: [a],
    destinations: [b, c],
  });
  assert.equal(durationsSeconds[0][0], null);
  assert.equal(distancesMeters[0][0], null);
  assert.ok(durationsSeconds[0][1] > 0);
  assert.equal(estimatedPairs, 1);
});

test('estimates what the router has no data for, or does not tell in time', async () => {
  const places = placesTo(3);
  const bikes = await ask({ origins: places, destinations: places, profile: 'CARGO_BIKE' });
  assert.equal(bikes['estimatedPairs'], 9);
  assert.equal(router.questions.length, 0);
  router.delayMs = 5_000;
  const startedAt = Date.now();
  const late = await ask({ origins: places, destinations: places });
  assert.equal(late['estimatedPairs'], 9);
  assert.ok(Date.now() - startedAt < 4_000, `${Date.now() - startedAt} ms`);
});

test('unusable input is named', async () => {
  const [a] = placesTo(1);
  const cases: [object, string[]][] = [
    [{ origins: [], destinations: [a] }, ['input', 'origins']],
    [
      { origins: [a], destinations: [a, { latitude: 90.1, longitude: 0 }] },
      ['input', 'destinations', '1', 'latitude'],
    ],
    [
      { origins: [{ latitude: 0, longitude: -181 }], destinations: [a] },
      ['input', 'origins', '0', 'longitude'],
    ],
    [{ origins: placesTo(51), destinations: placesTo(50) }, ['input']],
    [{ origins: placesTo(2_501), destinations: [a] }, ['input', 'origins']],
    [{ origins: [a], destinations: [a], departAt: '1999-12-31T00:00:00Z' }, ['input', 'departAt']],
  ];
  for (const [input, path] of cases) {
    const { errors } = await world.run(user, QUERY, { input });
    assert.equal(errors[0]?.extensions?.['code'], 'BAD_USER_INPUT');
    assert.deepEqual(errors[0].extensions['argumentPath'], path);
  }
  const largest = await ask({ origins: placesTo(50), destinations: placesTo(50) });
  assert.equal(largest['durationsSeconds'].length, 50);
});

test('is not for partners', async () => {
  const { organizationId } = await addOrganization(world, { name: 'Partners' });
  const partner = partnerOf({ organizationId }, 'a partner');
  const input = { origins: placesTo(1), destinations: placesTo(1) };
  const { errors } = await world.run(partner, QUERY, { input });
  assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
});
