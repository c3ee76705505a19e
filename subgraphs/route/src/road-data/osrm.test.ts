import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { createMetrics } from '@quantumroute/ops/metrics';

import { createOsrm } from './osrm.ts';
import { createRoadClient } from './road-client.ts';
import type { RoadProvider, TableQuestion } from './road-provider.ts';
import { NO_WAY, OFF_ROAD } from './segments.ts';
import { startRouter } from './testing/router-stand-in.ts';
import { placesTo, wayBetween } from './testing/world.ts';

const router = await startRouter();
after(() => router.close());

let osrm: RoadProvider;
beforeEach(() => {
  router.questions.length = 0;
  router.fault = null;
  router.world.isOffRoad = () => false;
  router.world.isReachable = () => true;
  const metrics = createMetrics('route');
  const client = createRoadClient({ url: router.url, timeoutMs: 2_000, concurrency: 2, metrics });
  osrm = createOsrm(client, { VAN: 'driving' });
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
  osrm.table({ ...question, ...changes }, { signal: new AbortController().signal });

test('asks for one table with the profile in the path', async () => {
  await ask();
  assert.deepEqual(router.questions, [
    {
      method: 'GET',
      path:
        '/table/v1/driving/13.300000,52.500000;13.300000,52.502000;13.300000,52.504000;' +
        '13.300000,52.500000;13.300000,52.502000?sources=0;1&destinations=2;3;4' +
        '&annotations=duration,distance&generate_hints=false',
      body: '',
    },
  ]);
  assert.equal(osrm.profileName('VAN'), 'driving');
  assert.equal(osrm.profileName('CARGO_BIKE'), null);
});

test('gives whole seconds and metres in the order asked for, there and back apart', async () => {
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
  assert.notEqual(durationSeconds[2], durationSeconds[4]);
});

test('a pair without a way is told from a place without a road', async () => {
  router.world.isReachable = (from) => from.latitude !== b.latitude;
  const beyond = { latitude: 53.5, longitude: 13.3 };
  const { durationSeconds } = await ask({ destinations: [c, beyond] });
  assert.ok(durationSeconds[0]! > 0);
  assert.deepEqual(durationSeconds.slice(1), Int32Array.of(OFF_ROAD, NO_WAY, OFF_ROAD));
});

test('a place that OSRM refuses everything for is left out, wherever it is', async () => {
  router.world.isOffRoad = (point) => point.latitude === c.latitude;
  const { durationSeconds } = await ask({ origins: [c, a, b], destinations: [b, c] });
  assert.deepEqual(
    [...durationSeconds].map((seconds) => seconds === OFF_ROAD),
    [true, true, false, true, false, true],
  );
  assert.equal(router.questions.length, 3);
});

test('data that knows hardly any of the places is refused', async () => {
  router.world.isOffRoad = () => true;
  const places = placesTo(20);
  await assert.rejects(ask({ origins: places, destinations: places }), { fault: 'refused' });
  assert.equal(router.questions.length, 11);
});

test('a table that is too big is refused, not asked for again', async () => {
  const places = placesTo(101);
  await assert.rejects(ask({ origins: places, destinations: places }), { fault: 'refused' });
  assert.equal(router.questions.length, 1);
});

test('an answer that is no table of that size is unusable', async () => {
  const answers = [
    {},
    { durations: [[1, 2, 3]], distances: [[1, 2, 3]] },
    {
      durations: [
        [1, 2],
        [3, 4],
      ],
      distances: [
        [1, 2],
        [3, 4],
      ],
    },
    {
      durations: [
        [1, 2, 3],
        [1, 2, '3'],
      ],
      distances: [
        [1, 2, 3],
        [1, 2, 3],
      ],
    },
    {
      durations: [
        [1, 2, 3],
        [1, 2, -3],
      ],
      distances: [
        [1, 2, 3],
        [1, 2, 3],
      ],
    },
    {
      durations: [
        [1, 2, 3],
        [1, 2, 1e12],
      ],
      distances: [
        [1, 2, 3],
        [1, 2, 3],
      ],
    },
  ];
  for (const answer of answers) {
    router.fault = { status: 200, text: JSON.stringify({ code: 'Ok', ...answer }) };
    const fresh = createOsrm(
      createRoadClient({
        url: router.url,
        timeoutMs: 2_000,
        concurrency: 2,
        metrics: createMetrics('route'),
      }),
      { VAN: 'driving' },
    );
    const asked = fresh.table(question, { signal: new AbortController().signal });
    await assert.rejects(asked, { fault: 'unusable' }, JSON.stringify(answer));
  }
});
