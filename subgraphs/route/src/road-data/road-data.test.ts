import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { testRedis } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';

import { estimateLeg, estimateMatrix } from '../planning/travel/estimate.ts';
import { readConfig } from '../config.ts';
import { openRoadData } from './open-road-data.ts';
import { NO_WAY_LEG, plannerTravel } from './planner-travel.ts';
import type { PlannerTravel } from './planner-travel.ts';
import { roadLegs } from './road-legs.ts';
import { startRouter } from './testing/router-stand-in.ts';
import { placeAt, placesTo, wayBetween } from './testing/world.ts';

const router = await startRouter();
const redis = await testRedis();
const opened = new AsyncDisposableStack();
after(async () => {
  await opened.disposeAsync();
  await redis.stop();
  await router.close();
});
beforeEach(async () => {
  await redis.flush();
  router.questions.length = 0;
  router.fault = null;
  router.delayMs = 0;
  router.world.isOffRoad = () => false;
  router.world.isReachable = () => true;
});

const log = createLogger({ service: 'route', level: 'silent' });
const never = new AbortController().signal;
const options = { signal: never, until: never };

function open(env: Record<string, string>) {
  const config = readConfig({
    DATABASE_URL: 'postgres://localhost/route',
    REDIS_URL: redis.url,
    SERVICE_IDENTITY_SECRET: 'a secret that is at least 32 characters',
    ...env,
  });
  const metrics = createMetrics('route');
  return { roadData: openRoadData(opened, { config, log, metrics }), metrics };
}

const overOsrm = () => open({ ROUTE_ROAD_PROVIDER: 'osrm', ROUTE_ROAD_URL: router.url });
const overValhalla = () => open({ ROUTE_ROAD_PROVIDER: 'valhalla', ROUTE_ROAD_URL: router.url });

const places = placesTo(4);
const day = {
  places,
  profiles: ['VAN', 'VAN', 'CARGO_BIKE'],
  localTime: '2026-11-23T12:00',
} as const;
const question = {
  origins: places,
  destinations: places,
  profile: 'VAN',
  localTime: null,
} as const;

function matricesIn(travel: PlannerTravel) {
  assert.equal(travel.kind, 'MATRICES');
  return travel.kind === 'MATRICES' ? travel.matrices : {};
}

test('nobody is called unless the settings say so', async () => {
  const { roadData } = open({});
  assert.deepEqual(await plannerTravel(roadData, day, options), { kind: 'ESTIMATE' });
  const legs = await roadLegs(roadData, question, options);
  assert.deepEqual(legs.durationSeconds, estimateMatrix(places, 'VAN').durationSeconds);
  assert.ok(legs.estimated.every((mark) => mark === 1));
});

test('a run gets a matrix for each kind of vehicle, there and back apart', async () => {
  const { roadData } = overValhalla();
  const {
    VAN: van,
    CARGO_BIKE: bike,
    CAR: car,
  } = matricesIn(await plannerTravel(roadData, day, options));
  assert.equal(van?.size, 4);
  assert.equal(van?.isEstimated, false);
  assert.ok(van?.estimatedLegs?.every((mark) => mark === 0));
  const { seconds } = wayBetween(placeAt(0), placeAt(3));
  assert.ok(Math.abs(van.durationSeconds[3]! - seconds) <= 3);
  assert.notEqual(van?.durationSeconds[3], van?.durationSeconds[12]);
  assert.ok(bike);
  assert.equal(car, undefined);
  assert.equal(router.questions.length, 2);
});

test('kinds of vehicle that the router has no data for are estimated', async () => {
  const { VAN: van, CARGO_BIKE: bike } = matricesIn(
    await plannerTravel(overOsrm().roadData, day, options),
  );
  assert.equal(van?.isEstimated, false);
  assert.deepEqual(bike, estimateMatrix(places, 'CARGO_BIKE'));
  const onlyBikes = { ...day, profiles: ['CARGO_BIKE'] as const };
  const travel = await plannerTravel(overOsrm().roadData, onlyBikes, options);
  assert.deepEqual(travel, { kind: 'ESTIMATE' });
});

test('a place off the road is estimated and marked, a way that is none is never driven', async () => {
  router.world.isOffRoad = ({ latitude }) => Math.abs(latitude - placeAt(3).latitude) < 1e-4;
  router.world.isReachable = (from) => Math.abs(from.latitude - placeAt(1).latitude) > 1e-4;
  for (const { roadData } of [overOsrm(), overValhalla()]) {
    const { VAN: van } = matricesIn(await plannerTravel(roadData, day, options));
    assert.deepEqual([...van!.estimatedLegs!], [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0]);
    const estimated = estimateLeg(placeAt(0), placeAt(3), 'VAN');
    assert.equal(van?.durationSeconds[3], estimated.durationSeconds);
    assert.equal(van?.distanceMeters[3], estimated.distanceMeters);
    assert.equal(van?.durationSeconds[4], NO_WAY_LEG.durationSeconds);
    assert.equal(van?.distanceMeters[4], NO_WAY_LEG.distanceMeters);
  }
});

test('a router that fails, stalls or talks nonsense leaves the estimate, and is counted', async () => {
  for (const fault of [
    { status: 500, text: 'no' },
    { status: 200, text: '<html>' },
    { status: 400, text: '{"code":"InvalidQuery"}' },
  ]) {
    router.fault = fault;
    const { roadData, metrics } = overOsrm();
    assert.deepEqual(await plannerTravel(roadData, day, options), { kind: 'ESTIMATE' });
    assert.match(
      await metrics.registry.metrics(),
      /quantumroute_road_tables_total\{source="estimate",service="route"\} 1/,
    );
  }
  router.fault = null;
  router.delayMs = 3_000;
  const startedAt = Date.now();
  const { roadData } = overOsrm();
  const late = await plannerTravel(roadData, day, {
    signal: never,
    until: AbortSignal.timeout(100),
  });
  assert.deepEqual(late, { kind: 'ESTIMATE' });
  assert.ok(Date.now() - startedAt < 2_500);
});

test('who leaves gets no estimate', async () => {
  router.delayMs = 3_000;
  const caller = new AbortController();
  const asked = plannerTravel(overOsrm().roadData, day, { ...options, signal: caller.signal });
  setTimeout(() => caller.abort(new Error('canceled')), 50);
  await assert.rejects(asked, /canceled/);
});

test('a table for a caller says which legs there are none of', async () => {
  router.world.isReachable = (from) => Math.abs(from.latitude - placeAt(1).latitude) > 1e-4;
  const { durationSeconds } = await roadLegs(overOsrm().roadData, question, options);
  assert.deepEqual(durationSeconds.slice(4, 8), Int32Array.of(-1, 0, -1, -1));
});
