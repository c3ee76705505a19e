import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';
import { encodeId } from '@quantumroute/schema/ids';

let service: ReportService;

/** Small enough to be checked by hand; the expected figures below were worked out on paper. */
before(async () => {
  service = await startReportService();
  const { world } = service;
  const { north, south } = world;
  const [first, second] = north.partners;
  const day = '2026-11-10';
  await world.addStop({ tenant: north, day, partner: first, orders: 2, dwell: 100 });
  await world.addStop({
    tenant: north,
    day,
    partner: first,
    onTime: false,
    orders: 3,
    inFull: 2,
    dwell: 200,
  });
  await world.addStop({
    tenant: north,
    day,
    partner: second,
    onTime: null,
    orders: 1,
    dwell: 300,
    actual: 2,
  });
  await world.addStop({
    tenant: north,
    day,
    depot: north.depots[1],
    vehicle: north.vehicles[1],
    driver: north.drivers[1],
    outcome: 'FAILED',
    onTime: true,
    orders: 4,
    inFull: 0,
    otif: 0,
    dwell: null,
  });
  await world.addStop({ tenant: north, day: '2026-11-09', onTime: false, orders: 1 });
  await world.addStop({ tenant: south, day, orders: 50 });
  await world.addRoute({
    tenant: north,
    day,
    hours: 5,
    plannedHours: 6,
    stops: 20,
    cost: 100,
    meters: 50_000,
  });
  await world.addRoute({
    tenant: north,
    day,
    depot: north.depots[1],
    hours: 5,
    plannedHours: 4,
    stops: 10,
    cost: 140,
    meters: 30_000,
  });
  // Hamburg and Kiel are an hour ahead of UTC in November: this shift begins on the 10th there.
  await world.addShift({
    tenant: north,
    start: '2026-11-09T23:30:00Z',
    end: '2026-11-10T07:30:00Z',
  });
  await world.addShift({
    tenant: north,
    vehicle: north.vehicles[1],
    start: '2026-11-10T06:00:00Z',
    end: '2026-11-10T14:00:00Z',
  });
  await world.addShift({
    tenant: north,
    start: '2026-11-10T23:30:00Z',
    end: '2026-11-11T07:30:00Z',
  });
  await world.rollUp();
});

after(() => service?.close());

type Kpi = Record<'value' | 'numerator' | 'denominator' | 'previous', number | null>;

async function kpis(
  scope: object,
  identity = dispatcherOf(service.world.north),
  compareTo = 'PREVIOUS_PERIOD',
) {
  const { kpis: set } = await service.data<{ kpis: Record<string, Kpi> }>({
    query: `query ($scope: KpiScopeInput!, $compareTo: Comparison!) {
      kpis(scope: $scope, period: { from: "2026-11-10", to: "2026-11-10" }, compareTo: $compareTo) {
        dataAsOf restatedDays ${[...TILES, ...QUANTILES].map((tile) => `${tile} { value numerator denominator previous }`).join(' ')}
      } }`,
    identity,
    variables: { scope, compareTo },
  });
  return set;
}

const TILES = [
  'onTime',
  'inFull',
  'otif',
  'firstAttempt',
  'stopsPerHour',
  'costPerStop',
  'costPerKm',
  'planAdherence',
  'utilization',
];
const QUANTILES = ['dwellP50', 'dwellP90', 'etaErrorP90'];

function values(set: Record<string, Kpi>): Record<string, number | null | undefined> {
  return Object.fromEntries(TILES.map((tile) => [tile, set[tile]?.value]));
}

test('figures of an organization are those worked out by hand', async () => {
  const set = await kpis({ organization: true });
  assert.deepEqual(values(set), {
    onTime: 2 / 3,
    inFull: 5 / 10,
    otif: 3 / 10,
    firstAttempt: 5 / 10,
    stopsPerHour: 30 / 10,
    costPerStop: 240 / 30,
    costPerKm: 240 / 80,
    planAdherence: 3 / 4,
    utilization: 10 / 16,
  });
  assert.deepEqual(set['onTime'], { value: 2 / 3, numerator: 2, denominator: 3, previous: 0 });
});

test('quantiles are as near as the steps of a histogram', async () => {
  const set = await kpis({ organization: true });
  const near = (tile: string, expected: number) => {
    const { value = 0, numerator, denominator } = set[tile] ?? {};
    assert.ok(Math.abs((value ?? 0) - expected) <= expected * 0.05 + 1, `${tile}: ${value}`);
    assert.deepEqual([numerator, denominator], [null, 3]);
  };
  near('dwellP50', 200);
  near('dwellP90', 300);
  const kiel = await kpis({ depotId: encodeId('depot', service.world.north.depots[1]) });
  assert.deepEqual([kiel['dwellP50']?.value, kiel['dwellP50']?.denominator], [null, 0]);
});

test('figures of a depot count its own stops, routes and shifts', async () => {
  const set = await kpis({ depotId: encodeId('depot', service.world.north.depots[1]) });
  assert.deepEqual(values(set), {
    onTime: 1,
    inFull: 0,
    otif: 0,
    firstAttempt: 0,
    stopsPerHour: 2,
    costPerStop: 14,
    costPerKm: 140 / 30,
    planAdherence: 1,
    utilization: 4 / 8,
  });
});

test('figures below the grain of their facts are null, not wrong', async () => {
  const vehicle = await kpis({ vehicleId: encodeId('vehicle', service.world.north.vehicles[0]) });
  assert.equal(vehicle['utilization']?.value, 10 / 8);
  assert.equal(vehicle['costPerStop']?.value, 8);
  const partner = await kpis({ partnerId: encodeId('partner', service.world.north.partners[0]) });
  assert.equal(partner['costPerStop']?.value, null);
  assert.equal(partner['onTime']?.value, 1 / 2);
  const driver = await kpis({ driverId: encodeId('driver', service.world.north.drivers[1]) });
  assert.deepEqual([driver['onTime']?.value, driver['utilization']?.value], [1, null]);
});

test('a figure without anything to divide by is null', async () => {
  const set = await kpis(
    { organization: true },
    dispatcherOf(service.world.north),
    'SAME_PERIOD_LAST_YEAR',
  );
  assert.equal(set['onTime']?.previous, null);
  const south = await kpis({ organization: true }, dispatcherOf(service.world.south), 'NONE');
  assert.deepEqual(south['costPerStop'], {
    value: null,
    numerator: 0,
    denominator: 0,
    previous: null,
  });
});

test('a caller of a partner gets the figures of that partner only', async () => {
  const identity = partnerOf(service.world.north, 1);
  const own = encodeId('partner', service.world.north.partners[1]);
  assert.equal((await kpis({ partnerId: own }, identity))['inFull']?.denominator, 1);
  assert.equal((await kpis({ organization: true }, identity))['inFull']?.denominator, 1);
  for (const scope of [
    { partnerId: encodeId('partner', service.world.north.partners[0]) },
    { depotId: encodeId('depot', service.world.north.depots[0]) },
  ]) {
    await assert.rejects(kpis(scope, identity), /NOT_FOUND/);
  }
});

test('a scope of another organization, or none at all, does not exist', async () => {
  const identity = dispatcherOf(service.world.south);
  for (const scope of [
    { depotId: encodeId('depot', service.world.north.depots[0]) },
    { vehicleId: encodeId('vehicle', service.world.north.vehicles[0]) },
    { driverId: encodeId('driver', service.world.north.drivers[0]) },
    { partnerId: encodeId('partner', service.world.north.partners[0]) },
    { depotId: 'dep_nonsense' },
  ]) {
    await assert.rejects(kpis(scope, identity), /NOT_FOUND/);
  }
  await assert.rejects(kpis({ organization: false }, identity), /BAD_USER_INPUT/);
  const both = { organization: true, depotId: encodeId('depot', service.world.south.depots[0]) };
  await assert.rejects(kpis(both, identity), /BAD_USER_INPUT/);
});

test('a period that is empty or too long is refused with the path to it', async () => {
  for (const [from, to] of [
    ['2026-11-10', '2026-11-09'],
    ['2026-01-01', '2026-11-09'],
  ]) {
    const { errors } = await service.server.execute({
      query: `{ kpis(scope: { organization: true }, period: { from: "${from}", to: "${to}" }) { onTime { value } } }`,
      identity: dispatcherOf(service.world.north),
    });
    assert.equal(errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
    assert.deepEqual(errors?.[0]?.extensions?.['argumentPath'], ['period', 'to']);
  }
});
