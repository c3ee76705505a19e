import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { createMetrics } from '@quantumroute/ops/metrics';

import { createRoadClient } from './road-client.ts';
import type { RoadProvider, TableQuestion } from './road-provider.ts';
import { NO_WAY, OFF_ROAD } from './segments.ts';
import { startRouter } from './testing/router-stand-in.ts';
import { placesTo, wayBetween } from './testing/world.ts';
import { createValhalla } from './valhalla.ts';

const router = await startRouter();
after(() => router.close());

let valhalla: RoadProvider;
beforeEach(() => {
  router.questions.length = 0;
  router.fault = null;
  router.world.isOffRoad = () => false;
  router.world.isReachable = () => true;
  router.world.maxDegrees = 180;
  const metrics = createMetrics('route');
  const client = createRoadClient({ url: router.url, timeoutMs: 2_000, concurrency: 2, metrics });
  valhalla = createValhalla(client);
});

const [a, b, c] = placesTo(3) as [Place, Place, Place];
type Place = TableQuestion['origins'][number];
const question: TableQuestion = {
  origins: [a, b],
  destinations: [c, a, b],
  profile: 'VAN',
  localTime: null,
};
const ask = (changes: Partial<TableQuestion> = {}) =>
  valhalla.table({ ...question, ...changes }, { signal: new AbortController().signal });
const lastBody = () => JSON.parse(router.questions.at(-1)?.body ?? '') as Record<string, unknown>;

test('asks for one matrix, with the vehicle in the costing options', async () => {
  await ask();
  assert.equal(router.questions.length, 1);
  assert.deepEqual(lastBody(), {
    sources: [
      { lat: 52.5, lon: 13.3, search_cutoff: 1_000 },
      { lat: 52.502, lon: 13.3, search_cutoff: 1_000 },
    ],
    targets: [
      { lat: 52.504, lon: 13.3, search_cutoff: 1_000 },
      { lat: 52.5, lon: 13.3, search_cutoff: 1_000 },
      { lat: 52.502, lon: 13.3, search_cutoff: 1_000 },
    ],
    costing: 'auto',
    costing_options: { auto: { height: 2.7, width: 2.1 } },
    units: 'kilometers',
    verbose: true,
  });
  const costings: Record<string, unknown> = {};
  for (const profile of ['CARGO_BIKE', 'CAR', 'RIGID_TRUCK', 'ARTICULATED_TRUCK'] as const) {
    await ask({ profile });
    costings[profile] = lastBody()['costing'];
  }
  assert.deepEqual(costings, {
    CARGO_BIKE: 'bicycle',
    CAR: 'auto',
    RIGID_TRUCK: 'truck',
    ARTICULATED_TRUCK: 'truck',
  });
});

test('gives whole seconds, and metres from kilometres', async () => {
  const { durationSeconds, distanceMeters } = await ask();
  const ways = [a, b].flatMap((from) => [c, a, b].map((to) => wayBetween(from, to)));
  assert.deepEqual(
    [...durationSeconds],
    ways.map(({ seconds }) => Math.round(seconds)),
  );
  assert.deepEqual(
    [...distanceMeters],
    ways.map(({ meters }) => Math.round(meters)),
  );
});

test('the time is that of leaving, or that of arriving where only that is allowed', async () => {
  await ask({ localTime: '2026-11-25T07:30' });
  assert.deepEqual(lastBody()['date_time'], { type: 1, value: '2026-11-25T07:30' });
  await ask({ localTime: '2026-11-25T07:30', destinations: [c] });
  assert.deepEqual(lastBody()['date_time'], { type: 2, value: '2026-11-25T07:30' });
});

test('a pair without a way has none, also when no pair has one', async () => {
  router.world.isReachable = (from) => from.latitude !== b.latitude;
  const some = await ask();
  assert.deepEqual(some.durationSeconds.slice(3), Int32Array.of(NO_WAY, NO_WAY, NO_WAY));
  assert.ok(some.durationSeconds[0]! > 0);
  router.world.isReachable = () => false;
  assert.deepEqual([...(await ask()).durationSeconds], Array(6).fill(NO_WAY));
});

test('a place without a road is found and left out', async () => {
  router.world.isOffRoad = (point) => point.latitude === c.latitude;
  const { durationSeconds } = await ask();
  assert.deepEqual(
    [...durationSeconds].map((seconds) => seconds === OFF_ROAD),
    [true, false, false, true, false, false],
  );
  assert.deepEqual(
    router.questions.map(({ path }) => path),
    ['/sources_to_targets', '/locate', '/sources_to_targets'],
  );
});

test('a version that answers with null for such a place is understood as well', async () => {
  const leg = { time: 60, distance: 1 };
  const none = { time: null, distance: null };
  const rows = [
    [leg, none],
    [leg, none],
  ];
  const body = { sources_to_targets: rows, sources: [{}, {}], targets: [{}, null] };
  router.fault = { status: 200, text: JSON.stringify(body) };
  const { durationSeconds, distanceMeters } = await ask({ destinations: [c, a] });
  assert.deepEqual([...durationSeconds], [60, OFF_ROAD, 60, OFF_ROAD]);
  assert.equal(distanceMeters[0], 1_000);
});

test('a place beyond the limit of the server is left out, and the others are not', async () => {
  router.world.maxDegrees = 4;
  const far = { latitude: 58, longitude: 13.3 };
  const { durationSeconds } = await ask({ origins: [a, far, b], destinations: [c, b, far] });
  const isOff = [...durationSeconds].map((seconds) => seconds === OFF_ROAD);
  assert.deepEqual(isOff, [false, false, true, true, true, true, false, false, true]);
  assert.equal(router.questions.length, 3);
});

test('a table of which hardly anything is within the limit is refused', async () => {
  router.world.maxDegrees = 0;
  const places = placesTo(20);
  await assert.rejects(ask({ origins: places, destinations: places }), { fault: 'refused' });
  assert.equal(router.questions.length, 11);
});

test('other refusals are refusals', async () => {
  const text = JSON.stringify({ error_code: 170, error: 'Locations are in unconnected regions' });
  router.fault = { status: 400, text };
  await assert.rejects(ask(), { fault: 'refused' });
  assert.equal(router.questions.length, 1);
});

test('miles, missing rows and missing figures are unusable', async () => {
  const row = [1, 2, 3].map(() => ({ time: 1, distance: 1 }));
  const answers = [
    { sources_to_targets: [row, row], units: 'miles' },
    { sources_to_targets: [row] },
    { sources_to_targets: [row, row.slice(1)] },
    { sources_to_targets: [row, [...row.slice(1), { time: 1 }]] },
    { sources_to_targets: { durations: [] } },
  ];
  for (const answer of answers.slice(0, 4)) {
    router.fault = { status: 200, text: JSON.stringify(answer) };
    await assert.rejects(ask(), { fault: 'unusable' }, JSON.stringify(answer));
  }
});
