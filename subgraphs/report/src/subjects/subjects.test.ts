import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import type { IdType } from '@quantumroute/schema/ids';
import { encodeId, newId } from '@quantumroute/schema/ids';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { fillSmallDay } from '../../test/small-day.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';

const DAY = '2026-11-10';

let service: ReportService;

before(async () => {
  service = await startReportService();
  await fillSmallDay(service.world);
  await service.world.sql.query(`update report.route_facts set factor_set = 'EN 16258:2012'`);
});

after(() => service?.close());

type Question = {
  type: IdType;
  ids: readonly string[];
  field: string;
  identity?: Identity;
  /** What the gateway sends beside the id. */
  beside?: Record<string, unknown>;
};

/** A field of each of the entities, as the gateway asks for it. */
async function ask({ type, ids, field, identity, beside }: Question): Promise<unknown[]> {
  const name = type.charAt(0).toUpperCase() + type.slice(1);
  const { _entities } = await service.data<{ _entities: { answer: unknown }[] }>({
    query: `query ($any: [_Any!]!) { _entities(representations: $any) {
      ... on ${name} { answer: ${field.replace('DAY', `period: { from: "${DAY}", to: "${DAY}" }`)} } } }`,
    identity: identity ?? dispatcherOf(service.world.north),
    variables: { any: ids.map((id) => ({ __typename: name, id: encodeId(type, id), ...beside })) },
  });
  return _entities.map(({ answer }) => answer);
}

test('a vehicle tells what it did, and what of its shift and room was used', async () => {
  const answers = await ask({
    type: 'vehicle',
    ids: service.world.north.vehicles,
    field: `utilization(DAY) { routes distanceMeters drivingSeconds plannedSeconds dutySeconds
      shiftSeconds timeRatio loadRatio emptyDistanceRatio }`,
  });
  assert.deepEqual(answers[0], {
    routes: 1,
    distanceMeters: 40_000,
    drivingSeconds: 3600,
    plannedSeconds: 4 * 3600,
    dutySeconds: 5 * 3600,
    shiftSeconds: 8 * 3600,
    timeRatio: 0.5,
    loadRatio: 0.2,
    emptyDistanceRatio: 0.25,
  });
  assert.deepEqual((answers[1] as { distanceMeters: number }).distanceMeters, 10_000);
});

test('a vehicle tells what it emitted, and how well that is known', async () => {
  const { north } = service.world;
  const [hamburg, kiel] = await ask({
    type: 'vehicle',
    ids: north.vehicles,
    field: `emissions(DAY) { co2eGrams tonneKm gramsPerTonneKm dataQuality factorSet methodology }`,
  });
  // 100, 50 and 50 kg over 10 km each
  assert.deepEqual(hamburg, {
    co2eGrams: 8_000,
    tonneKm: 2,
    gramsPerTonneKm: 4_000,
    dataQuality: 'MODELED',
    factorSet: 'EN 16258:2012',
    methodology: 'calculated following the GLEC framework',
  });
  const { gramsPerTonneKm, dataQuality } = kiel as Record<string, unknown>;
  assert.deepEqual(
    { gramsPerTonneKm, dataQuality },
    { gramsPerTonneKm: null, dataQuality: 'DEFAULT' },
  );
});

test('a vehicle without a route has zeros and no ratios', async () => {
  const [idle] = await ask({
    type: 'vehicle',
    ids: [service.world.north.vehicles[0]],
    field: `utilization(period: { from: "2026-01-01", to: "2026-01-31" }) { routes shiftSeconds timeRatio }`,
  });
  assert.deepEqual(idle, { routes: 0, shiftSeconds: 0, timeRatio: null });
});

test('each period is answered on its own', async () => {
  const { data } = await service.server.execute({
    query: `query ($any: [_Any!]!) { _entities(representations: $any) { ... on Vehicle {
      day: utilization(period: { from: "${DAY}", to: "${DAY}" }) { routes }
      before: utilization(period: { from: "2026-11-01", to: "2026-11-09" }) { routes } } } }`,
    identity: dispatcherOf(service.world.north),
    variables: {
      any: [{ __typename: 'Vehicle', id: encodeId('vehicle', service.world.north.vehicles[0]) }],
    },
  });
  assert.deepEqual(structuredClone(data), {
    _entities: [{ day: { routes: 1 }, before: { routes: 0 } }],
  });
});

test('a driver’s card is the row of the report, without a score for few stops', async () => {
  const [card] = await ask({
    type: 'driver',
    ids: service.world.north.drivers,
    field: `scorecard(DAY) { stops onTime firstAttempt stopsPerHour rankInDepot difficultyAdjustedScore }`,
  });
  assert.deepEqual(card, {
    stops: 3,
    onTime: 0.5,
    firstAttempt: 0.5,
    stopsPerHour: 0.6,
    rankInDepot: null,
    difficultyAdjustedScore: null,
  });
});

test('a partner’s service level counts its own orders only', async () => {
  const { north } = service.world;
  const question = {
    type: 'partner',
    ids: north.partners,
    field: 'serviceLevel(DAY) { orders onTime inFull otif }',
  } as const;
  const levels = await ask(question);
  assert.deepEqual(levels, [
    { orders: 3, onTime: 0.5, inFull: 1, otif: 2 / 3 },
    { orders: 3, onTime: null, inFull: 0, otif: 0 },
  ]);
  const own = await ask({ ...question, identity: partnerOf(north, 1) });
  assert.deepEqual(own, [null, levels[1]]);
});

test('tiles of depots and of the organization are those of kpis', async () => {
  const { north } = service.world;
  const tiles = '{ onTime { value denominator previous } costPerStop { value } restatedDays }';
  const depots = await ask({ type: 'depot', ids: north.depots, field: `kpis(DAY) ${tiles}` });
  const [organization] = await ask({
    type: 'organization',
    ids: [north.id],
    field: `kpis(DAY) ${tiles}`,
  });
  const asked = await service.data<Record<'a' | 'b' | 'all', unknown>>({
    query: `query ($day: DateRangeInput!, $a: ID!, $b: ID!) {
      a: kpis(scope: { depotId: $a }, period: $day, compareTo: NONE) ${tiles}
      b: kpis(scope: { depotId: $b }, period: $day, compareTo: NONE) ${tiles}
      all: kpis(scope: { organization: true }, period: $day, compareTo: NONE) ${tiles} }`,
    identity: dispatcherOf(north),
    variables: {
      day: { from: DAY, to: DAY },
      a: encodeId('depot', north.depots[0]),
      b: encodeId('depot', north.depots[1]),
    },
  });
  assert.deepEqual([...depots, organization], [asked.a, asked.b, asked.all]);
  assert.equal((organization as { onTime: { denominator: number } }).onTime.denominator, 3);
});

test('a partner sees of its organization’s tiles its own part', async () => {
  const { north } = service.world;
  const [own] = await ask({
    type: 'organization',
    ids: [north.id],
    field: 'kpis(DAY) { onTime { denominator } }',
    identity: partnerOf(north, 0),
  });
  assert.deepEqual(own, { onTime: { denominator: 2 } });
});

test('a route tells how it went against its plan once it has ended', async () => {
  const { sql, north } = service.world;
  const { rows } = await sql.query<{ id: string }>(
    'select route_id as id from report.route_facts where vehicle_id = $1',
    [north.vehicles[0]],
  );
  const question = {
    type: 'route',
    ids: [rows[0]?.id ?? '', newId()],
    field: 'performance { distanceDeviationRatio durationDeviationRatio onTime co2eGrams }',
    beside: { date: DAY },
  } as const;
  assert.deepEqual(await ask(question), [
    { distanceDeviationRatio: 0.1, durationDeviationRatio: 0.25, onTime: 0.5, co2eGrams: 8_000 },
    null,
  ]);
  for (const identity of [dispatcherOf(service.world.south), partnerOf(north, 0)]) {
    assert.deepEqual(await ask({ ...question, identity }), [null, null]);
  }
});

for (const [type, field] of [
  ['organization', 'kpis(DAY) { dataAsOf }'],
  ['depot', 'kpis(DAY) { dataAsOf }'],
  ['vehicle', 'utilization(DAY) { routes }'],
  ['vehicle', 'emissions(DAY) { co2eGrams }'],
  ['driver', 'scorecard(DAY) { stops }'],
  ['partner', 'serviceLevel(DAY) { orders }'],
] as const) {
  test(`${type}.${field.split('(')[0]} of another organization is as null as that of nobody`, async () => {
    const { north, south } = service.world;
    const theirs = {
      organization: [north.id],
      depot: north.depots,
      vehicle: north.vehicles,
      driver: north.drivers,
      partner: north.partners,
    }[type];
    const identity = dispatcherOf(south);
    const answers = await ask({ type, ids: [...theirs, newId()], field, identity });
    assert.deepEqual(new Set(answers), new Set([null]));
  });
}

test('a partner sees nothing of what serves several partners', async () => {
  const { north } = service.world;
  const identity = partnerOf(north, 0);
  for (const [type, ids, field] of [
    ['depot', north.depots, 'kpis(DAY) { dataAsOf }'],
    ['vehicle', north.vehicles, 'utilization(DAY) { routes }'],
    ['driver', north.drivers, 'scorecard(DAY) { stops }'],
  ] as const) {
    assert.deepEqual(await ask({ type, ids, field, identity }), [null, null]);
  }
});

for (const [period, message] of [
  ['{ from: "2026-01-01", to: "2026-04-04" }', 'A period has at most 93 days, got 94'],
  ['{ from: "2026-01-02", to: "2026-01-01" }', 'The period ends before it starts'],
] as const) {
  test(`a period is refused with its path: ${message}`, async () => {
    const { vehicles } = service.world.north;
    const { errors } = await service.server.execute({
      query: `query ($any: [_Any!]!) { _entities(representations: $any) {
        ... on Vehicle { utilization(period: ${period}) { routes } } } }`,
      identity: dispatcherOf(service.world.north),
      variables: { any: [{ __typename: 'Vehicle', id: encodeId('vehicle', vehicles[0]) }] },
    });
    assert.equal(errors?.[0]?.message, message);
    assert.equal(errors[0].extensions?.['code'], 'BAD_USER_INPUT');
    assert.deepEqual(errors[0].extensions?.['argumentPath'], ['period', 'to']);
    assert.deepEqual(errors[0].path, ['_entities', 0, 'utilization']);
  });
}
