import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Identity } from '@quantumroute/ops/identity';
import { testRedis } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { insertTenant, publicIds, userOf } from '../testing/fleet-data.ts';
import type { TestTenant } from '../testing/fleet-data.ts';
import { dataOf, errorOf, startFleet } from '../testing/fleet-under-test.ts';
import type { Watch } from '../testing/fleet-under-test.ts';
import { watchSilence } from './silence-watch.ts';

const redis = await testRedis();
after(() => redis.stop());
const fleet = await startFleet({ redisUrl: redis.url });

const WATCH = `subscription ($depotId: ID) { vehicleAlerts(depotId: $depotId) {
  id kind occurredAt point { latitude } detail vehicle { id } depot { id } } }`;
const INGEST = `mutation ($input: PositionsIngestInput!) { positionsIngest(input: $input) { accepted } }`;

type Alert = { kind: string; vehicle: { id: string }; depot: { id: string } | null };

const watch = (identity: Identity, depotId: string | null = null) =>
  fleet.watch(WATCH, { identity, variables: { depotId } });

async function alert(stream: Watch): Promise<Alert> {
  const { value, done } = await stream.next();
  assert.ok(!done);
  return JSON.parse(JSON.stringify(dataOf<object>(value))).vehicleAlerts;
}

let seconds = 0;

async function report({ user, vehicleIds }: TestTenant, vehicle: number, changes: object) {
  seconds += 1;
  const position = {
    point: { latitude: 10, longitude: 13.4 },
    recordedAt: new Date(Date.now() - 600_000 + seconds * 1000),
    ...changes,
  };
  const [vehicleId] = publicIds('vehicle', vehicleIds.slice(vehicle));
  const variables = { input: { vehicleId, positions: [position] } };
  dataOf(await fleet.run(INGEST, { identity: user, variables }));
}

test('a watcher is told of what happens, in order, with the vehicle and the depot', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Watched', size: 2 });
  const [depotId] = publicIds('depot', tenant.depotIds);
  const [vehicleId] = publicIds('vehicle', tenant.vehicleIds);
  const stream = await watch(tenant.user);
  const first = alert(stream);
  await report(tenant, 0, { speedMetersPerSecond: 10 });
  await report(tenant, 0, { speedMetersPerSecond: 50 });
  await report(tenant, 0, { point: { latitude: 52.5, longitude: 13.4 } });
  const told = [await first, await alert(stream)];
  assert.deepEqual(
    told.map(({ kind, vehicle, depot }) => [kind, vehicle.id, depot?.id ?? null]),
    [
      ['SPEEDING', vehicleId, null],
      ['GEOFENCE_ENTER', vehicleId, depotId],
    ],
  );
  const waiting = stream.next();
  await stream.return();
  assert.equal((await waiting).done, true);
});

test('a watcher of one depot is told of its own vehicles only', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Depots', size: 2, depots: 2 });
  const [, second] = publicIds('depot', tenant.depotIds);
  const stream = await watch(tenant.user, second ?? null);
  const told = alert(stream);
  // The first vehicle is at home in the second depot, the second one in the first.
  await report(tenant, 1, { energyLevelRatio: 0.01 });
  await report(tenant, 0, { energyLevelRatio: 0.02 });
  const [own] = publicIds('vehicle', tenant.vehicleIds);
  assert.equal((await told).vehicle.id, own);
  await stream.return();
});

test('an alert while Redis is away is told all the same', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Away', size: 1 });
  const stream = await watch(tenant.user);
  const told = alert(stream);
  await redis.kill();
  await report(tenant, 0, { energyLevelRatio: 0.01 });
  await redis.start();
  assert.equal((await told).kind, 'LOW_ENERGY');
  await stream.return();
});

test('nobody hears of the vehicles of another organization', async () => {
  const mine = await insertTenant(fleet.sql, { name: 'Mine', size: 1 });
  const theirs = await insertTenant(fleet.sql, { name: 'Theirs', size: 1 });
  const [theirDepot] = publicIds('depot', theirs.depotIds);
  const own = await watch(mine.user);
  const named = await watch(mine.user, theirDepot ?? null);
  const silence = named.next();
  const told = alert(own);
  await report(theirs, 0, { energyLevelRatio: 0.01 });
  await report(mine, 0, { energyLevelRatio: 0.01 });
  const [vehicleId] = publicIds('vehicle', mine.vehicleIds);
  assert.equal((await told).vehicle.id, vehicleId);
  await own.return();
  await named.return();
  assert.equal((await silence).done, true);
});

test('a vehicle on a shift that falls silent is told once', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Silent', size: 2 });
  await report(tenant, 0, {});
  await report(tenant, 1, {});
  // Both are silent, and the shift of the second one has not begun.
  await fleet.sql.query(
    `update fleet.latest_positions set recorded_at = now() - interval '20 minutes'
     where organization_id = $1`,
    [tenant.organizationId],
  );
  await fleet.sql.query(`update fleet.shifts set started_at = now() where vehicle_id = $1`, [
    tenant.vehicleIds[0],
  ]);
  const told: string[] = [];
  const silence = watchSilence({
    postgres: fleet.postgres,
    log: createLogger({ service: 'test', level: 'silent' }),
    publish: async ({ organizationId, alertId }) => {
      if (organizationId === tenant.organizationId) told.push(alertId);
    },
    everyMs: 20,
  });
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 100));
  silence.close();
  assert.equal(told.length, 1);
  const { rows } = await fleet.sql.query(
    'select vehicle_id, kind from fleet.vehicle_alerts where id = $1',
    [told[0]],
  );
  assert.deepEqual(rows, [{ vehicle_id: tenant.vehicleIds[0], kind: 'DEVICE_OFFLINE' }]);
});

test('a caller without the scope or an organization is refused', async () => {
  const tenant = await insertTenant(fleet.sql, { name: 'Refused', size: 1 });
  for (const identity of [
    userOf(tenant.organizationId, []),
    { ...tenant.user, organizationId: null },
  ]) {
    const { value } = await (await watch(identity)).next();
    assert.equal(errorOf(value)['code'], 'FORBIDDEN');
  }
});
