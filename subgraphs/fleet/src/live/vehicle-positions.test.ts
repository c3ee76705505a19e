import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Identity } from '@quantumroute/ops/identity';
import { testRedis } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { Client } from 'pg';
import { renumberRestored } from '../storage/stores/moves.ts';
import { insertTenant, publicIds, userOf } from '../testing/fleet-data.ts';
import type { TestTenant } from '../testing/fleet-data.ts';
import { dataOf, errorOf, startFleet } from '../testing/fleet-under-test.ts';
import type { Watch } from '../testing/fleet-under-test.ts';

const redis = await testRedis();
after(() => redis.stop());
const fleet = await startFleet({ redisUrl: redis.url });

const WATCH = `subscription ($filter: VehicleFilter!, $intervalSeconds: Int) {
  vehiclePositions(filter: $filter, intervalSeconds: $intervalSeconds) {
    at vehicles { id connectivity position { recordedAt point { latitude } isStale } }
  }
}`;
const INGEST = `mutation ($input: PositionsIngestInput!) { positionsIngest(input: $input) { accepted } }`;

type Frame = {
  at: string;
  vehicles: { id: string; position: { point: { latitude: number } } }[];
};

async function watch(identity: Identity, filter = {}, intervalSeconds = 1): Promise<Watch> {
  return fleet.watch(WATCH, { identity, variables: { filter, intervalSeconds } });
}

const resume = (identity: Identity, position: string | null): Promise<Watch> =>
  fleet.watch(WATCH, { identity, position, variables: { filter: {}, intervalSeconds: 1 } });

/** Which vehicle is at which latitude, and what is said about it. */
async function told(stream: Watch) {
  const { value, done } = await stream.next();
  assert.ok(!done && value.errors === undefined, JSON.stringify(value));
  const { vehiclePositions } = JSON.parse(JSON.stringify(value.data ?? {}));
  const seen = (vehiclePositions as Frame | undefined)?.vehicles.map(({ id, position }) => [
    id,
    position.point.latitude,
  ]);
  return {
    seen: seen && Object.fromEntries(seen),
    ...(value.extensions?.['live'] as { position: string; gap?: string; settles?: boolean }),
  };
}

async function frame(stream: Watch): Promise<Frame> {
  const { value, done } = await stream.next();
  assert.ok(!done);
  return JSON.parse(JSON.stringify(dataOf<object>(value))).vehiclePositions;
}

/** Which vehicle is at which latitude. */
async function whereabouts(stream: Watch): Promise<Record<string, number>> {
  const { vehicles } = await frame(stream);
  return Object.fromEntries(vehicles.map(({ id, position }) => [id, position.point.latitude]));
}

let seconds = 0;

/** Each position is newer than the one before. */
async function drive({ user, vehicleIds }: TestTenant, vehicle: number, latitude: number) {
  seconds += 1;
  const position = {
    point: { latitude, longitude: 13 },
    recordedAt: new Date(Date.now() - 600_000 + seconds * 1000),
  };
  const [vehicleId] = publicIds('vehicle', vehicleIds.slice(vehicle));
  const variables = { input: { vehicleId, positions: [position] } };
  dataOf(await fleet.run(INGEST, { identity: user, variables }));
}

const openSubscriptions = async (): Promise<number> => {
  const { values } = await fleet.metrics.openSubscriptions.get();
  return values.find(({ labels }) => labels.field === 'vehiclePositions')?.value ?? 0;
};

test('a watcher gets the last known positions, then the newest of each vehicle that moved', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Watched', size: 3 });
  const [first, second] = publicIds('vehicle', tenant.vehicleIds);
  await drive(tenant, 0, 10);
  const stream = await watch(tenant.user);
  assert.deepEqual(await whereabouts(stream), { [first ?? '']: 10 });
  await drive(tenant, 0, 11);
  await drive(tenant, 1, 20);
  await drive(tenant, 0, 12);
  const seen = await whereabouts(stream);
  // The first move may already have a frame of its own.
  if (seen[first ?? ''] !== 12 || seen[second ?? ''] !== 20) {
    Object.assign(seen, await whereabouts(stream));
  }
  assert.deepEqual(seen, { [first ?? '']: 12, [second ?? '']: 20 });
  await stream.return();
  assert.equal(await openSubscriptions(), 0);
});

test('who comes back gets the newest of each vehicle that moved meanwhile, and nothing else', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Resumed', size: 3 });
  const [first, second, third] = publicIds('vehicle', tenant.vehicleIds) as [
    string,
    string,
    string,
  ];
  for (const vehicle of [0, 1, 2]) await drive(tenant, vehicle, 10 + vehicle);
  const watched = await resume(tenant.user, null);
  const beginning = await told(watched);
  assert.deepEqual(beginning.seen, { [first]: 10, [second]: 11, [third]: 12 });
  assert.deepEqual([beginning.gap, beginning.settles], [undefined, false]);
  await watched.return();
  const idle = await resume(tenant.user, beginning.position);
  assert.equal((await told(idle)).seen, undefined, 'only that nothing was missed');
  await idle.return();
  for (const latitude of [20, 21, 22]) await drive(tenant, 1, latitude);
  const again = await resume(tenant.user, beginning.position);
  const missed = await told(again);
  assert.deepEqual([missed.seen, missed.gap], [{ [second]: 22 }, undefined]);
  await drive(tenant, 2, 30);
  assert.deepEqual((await told(again)).seen, { [third]: 30 });
  await again.return();
});

test('a move that is committed after a later one is not missed by who comes back', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Overtaken', size: 2 });
  const [first, second] = publicIds('vehicle', tenant.vehicleIds) as [string, string];
  for (const vehicle of [0, 1]) await drive(tenant, vehicle, 10);
  const slow = new Client({ connectionString: fleet.databaseUrl });
  await slow.connect();
  await slow.query('begin');
  await slow.query('update fleet.latest_positions set latitude = 50 where vehicle_id = $1', [
    tenant.vehicleIds[0],
  ]);
  await drive(tenant, 1, 20);
  const watched = await resume(tenant.user, null);
  const { seen, position } = await told(watched);
  assert.deepEqual(seen, { [first]: 10, [second]: 20 });
  await watched.return();
  await slow.query('commit');
  await slow.end();
  const again = await resume(tenant.user, position);
  assert.deepEqual((await told(again)).seen, { [first]: 50 });
  await again.return();
});

test('after a position of another database everybody is told again, with a gap', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Restored', size: 1 });
  await drive(tenant, 0, 10);
  const stream = await resume(tenant.user, '900000000:900000000:');
  const { seen, gap } = await told(stream);
  assert.deepEqual([Object.values(seen ?? {}), gap], [[10], 'RESET']);
  await stream.return();
});

test('what a dump brought along from a database that counted further is told like all others', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Dumped', size: 1 });
  await drive(tenant, 0, 10);
  await fleet.sql.query('alter table fleet.latest_positions disable trigger note_move');
  await fleet.sql.query(`update fleet.latest_positions set transaction_id = '900000000'
    where organization_id = '${tenant.organizationId}'`);
  await fleet.sql.query('alter table fleet.latest_positions enable trigger note_move');
  await renumberRestored(fleet.postgres.fork());
  const stream = await watch(tenant.user);
  assert.deepEqual(Object.values(await whereabouts(stream)), [10]);
  await stream.return();
});

test('only the vehicles of the filter come, in every frame', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Two depots', size: 4, depots: 2 });
  for (const vehicle of [0, 1, 2, 3]) await drive(tenant, vehicle, vehicle);
  const [depotId] = publicIds('depot', tenant.depotIds);
  const stream = await watch(tenant.user, { depotId });
  const atHome = Object.keys(await whereabouts(stream));
  assert.equal(atHome.length, 2);
  for (const vehicle of [0, 1, 2, 3]) await drive(tenant, vehicle, 40 + vehicle);
  const moved = Object.keys(await whereabouts(stream));
  if (moved.length < 2) moved.push(...Object.keys(await whereabouts(stream)));
  assert.deepEqual(new Set(moved), new Set(atHome));
  await stream.return();
});

test('a move while Redis was away, and one that nobody told, come all the same', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Silent', size: 1 });
  await drive(tenant, 0, 1);
  const stream = await watch(tenant.user);
  await whereabouts(stream);
  await redis.kill();
  await drive(tenant, 0, 2);
  assert.deepEqual(Object.values(await whereabouts(stream)), [2]);
  await redis.start();
  await drive(tenant, 0, 3);
  assert.deepEqual(Object.values(await whereabouts(stream)), [3]);
  await stream.return();
});

test('nobody hears of the vehicles of another organization', async () => {
  const mine = await insertTenant(fleet.sql, { name: 'Mine', size: 1 });
  const theirs = await insertTenant(fleet.sql, { name: 'Theirs', size: 1 });
  const [theirDepot] = publicIds('depot', theirs.depotIds);
  await drive(theirs, 0, 1);
  const everything = await watch(mine.user);
  const named = await watch(mine.user, { depotId: theirDepot });
  const silence = named.next();
  await drive(theirs, 0, 2);
  await drive(mine, 0, 3);
  const [own] = publicIds('vehicle', mine.vehicleIds);
  assert.deepEqual(await whereabouts(everything), { [own ?? '']: 3 });
  await everything.return();
  await named.return();
  assert.equal((await silence).done, true);
});

test('a caller without the scope or an organization, and impossible arguments, are refused', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Refused', size: 1 });
  const refusal = async (identity: Identity, filter = {}, intervalSeconds = 2) => {
    const { value } = await (await watch(identity, filter, intervalSeconds)).next();
    return errorOf(value);
  };
  assert.equal((await refusal(userOf(tenant.organizationId, [])))['code'], 'FORBIDDEN');
  assert.equal((await refusal({ ...tenant.user, organizationId: null }))['code'], 'FORBIDDEN');
  for (const intervalSeconds of [0, 61]) {
    const { code, argumentPath } = await refusal(tenant.user, {}, intervalSeconds);
    assert.deepEqual([code, argumentPath], ['BAD_USER_INPUT', ['intervalSeconds']]);
  }
  const within = { south: 91, north: 0, west: 0, east: 0 };
  assert.equal((await refusal(tenant.user, { within }))['code'], 'BAD_USER_INPUT');
});

test('a depot that does not exist has no vehicles', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Lost', size: 1 });
  await drive(tenant, 0, 1);
  const stream = await watch(tenant.user, { depotId: encodeId('depot', newId()) });
  const silence = stream.next();
  await stream.return();
  assert.equal((await silence).done, true);
});
