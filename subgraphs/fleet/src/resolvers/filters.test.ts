import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeId } from '@quantumroute/schema/ids';
import { insertTenant, publicIds } from '../testing/fleet-data.ts';
import { dataOf, startFleet } from '../testing/fleet-under-test.ts';

type List = { nodes: { id: string }[] };

const fleet = await startFleet();
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 6, depots: 2 });
const ids = publicIds('vehicle', tenant.vehicleIds);
const drivers = publicIds('driver', tenant.driverIds);
const [v0, v1, v2, v3] = ids;

await fleet.sql.query(
  `insert into fleet.latest_positions (vehicle_id, organization_id, recorded_at, latitude, longitude)
   select vehicle_id, $1, now() - seconds * interval '1 second', 10, longitude
   from unnest($2::uuid[], '{1,300,4000}'::float8[], '{179.5,-179.5,0}'::float8[])
     as fix (vehicle_id, seconds, longitude)`,
  [tenant.organizationId, tenant.vehicleIds.slice(0, 3)],
);
await fleet.sql.query(
  `update fleet.vehicles set status = 'IN_MAINTENANCE', display_name = '100%_Electric'
   where id = $1`,
  [tenant.vehicleIds[3]],
);
await fleet.sql.query(`update fleet.drivers set duty_status = 'DRIVING' where id = $1`, [
  tenant.driverIds[2],
]);

async function vehicles(filter: Record<string, unknown>): Promise<string[]> {
  const query = `query ($filter: VehicleFilter) {
    vehicles(filter: $filter) { nodes { id } count { value } }
  }`;
  const answer = await fleet.run(query, { identity: tenant.user, variables: { filter } });
  const list = dataOf<{ vehicles: List & { count: { value: number } } }>(answer).vehicles;
  assert.equal(list.count.value, list.nodes.length);
  return list.nodes.map(({ id }) => id).toSorted();
}

test('filters by depot; a malformed or unknown depot has no vehicles', async () => {
  const depotId = encodeId('depot', tenant.depotIds[0] ?? '');
  assert.equal((await vehicles({ depotId })).length, 3);
  assert.deepEqual(await vehicles({ depotId: 'nonsense' }), []);
  assert.deepEqual(await vehicles({ depotId: '' }), []);
});

test('filters by status; an empty list matches nothing', async () => {
  assert.deepEqual(await vehicles({ status: ['IN_MAINTENANCE', 'RETIRED'] }), [v3]);
  assert.deepEqual(await vehicles({ status: [] }), []);
  assert.equal((await vehicles({ status: null })).length, 6);
});

test('filters by connectivity as the field shows it', async () => {
  assert.deepEqual(await vehicles({ connectivity: ['ONLINE'] }), [v0]);
  assert.deepEqual(await vehicles({ connectivity: ['STALE'] }), [v1]);
  assert.deepEqual(await vehicles({ connectivity: ['OFFLINE'] }), [v2]);
  assert.equal((await vehicles({ connectivity: ['NEVER_SEEN'] })).length, 3);
  const query = '{ vehicles { nodes { id connectivity } } }';
  const answer = await fleet.run(query, { identity: tenant.user });
  const shown = dataOf<{ vehicles: { nodes: { id: string; connectivity: string }[] } }>(answer);
  for (const { id, connectivity } of shown.vehicles.nodes) {
    assert.ok((await vehicles({ connectivity: [connectivity] })).includes(id));
  }
});

test('filters by all of the capabilities', async () => {
  assert.equal((await vehicles({ capabilities: ['refrigerated'] })).length, 6);
  assert.equal((await vehicles({ capabilities: ['tail_lift', 'refrigerated'] })).length, 3);
  assert.deepEqual(await vehicles({ capabilities: ["x'; drop table fleet.vehicles"] }), []);
  assert.equal((await vehicles({ capabilities: [] })).length, 6);
});

test('filters by the area of the last position, also across the antimeridian', async () => {
  const band = { south: 9, north: 11 };
  assert.deepEqual(await vehicles({ within: { ...band, west: -1, east: 1 } }), [v2]);
  assert.deepEqual(
    await vehicles({ within: { ...band, west: 179, east: -179 } }),
    [v0, v1].map(String).toSorted(),
  );
});

test('searches name and plate; what was typed is no pattern', async () => {
  assert.deepEqual(await vehicles({ search: 'ELECTRIC' }), [v3]);
  assert.deepEqual(await vehicles({ search: '%_' }), [v3]);
  assert.deepEqual(await vehicles({ search: 'a%n' }), []);
  assert.deepEqual(await vehicles({ search: '\\' }), []);
  assert.deepEqual(await vehicles({ search: "'?" }), []);
  assert.deepEqual(await vehicles({ search: 'b-2' }), [v1]);
});

test('filters drivers', async () => {
  const query = `query ($filter: DriverFilter) { drivers(filter: $filter) { nodes { id } } }`;
  const found = async (filter: Record<string, unknown>) => {
    const answer = await fleet.run(query, { identity: tenant.user, variables: { filter } });
    return dataOf<{ drivers: List }>(answer).drivers.nodes.map(({ id }) => id);
  };
  assert.deepEqual(await found({ dutyStatus: ['DRIVING'] }), [drivers[2]]);
  assert.deepEqual(await found({ search: 'r 0004' }), [drivers[3]]);
  assert.equal((await found({ depotId: encodeId('depot', tenant.depotIds[1] ?? '') })).length, 3);
});
