import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '@quantumroute/ops/identity';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { insertTenant, publicIds } from '../testing/fleet-data.ts';
import { dataOf, startFleet } from '../testing/fleet-under-test.ts';

type Page = {
  nodes: { [field: string]: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

const DAY_MS = 86_400_000;
const fleet = await startFleet();
// Two vehicles share each name, so that the order has to fall back on the id.
const tenant = await insertTenant(fleet.sql, { name: 'One', size: 37, depots: 3 });
const [depotId, vehicleId, driverId] = [
  encodeId('depot', tenant.depotIds[0] ?? ''),
  encodeId('vehicle', tenant.vehicleIds[0] ?? ''),
  encodeId('driver', tenant.driverIds[0] ?? ''),
];

/** Reads a list to its end. `list` has `$first` and `$after`; the page is at `at` in the data. */
async function readAll(list: string, { at, first = 5 }: { at: string[]; first?: number }) {
  const query = `query ($first: Int!, $after: String) { ${list} }`;
  const pages: Page[] = [];
  let after: string | null = null;
  do {
    const identity: Identity = tenant.user;
    const answer = await fleet.run(query, { identity, variables: { first, after } });
    const data: unknown = dataOf(answer);
    const page = at.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], data);
    pages.push(page as Page);
    after = (page as Page).pageInfo.endCursor;
  } while (pages.at(-1)?.pageInfo.hasNextPage);
  return pages.flatMap((page) => page.nodes);
}

const PAGE = 'pageInfo { hasNextPage endCursor }';

test('lists every vehicle once, by name', async () => {
  const list = `vehicles(first: $first, after: $after) { nodes { id displayName } ${PAGE} }`;
  const vehicles = await readAll(list, { at: ['vehicles'] });
  assert.deepEqual(
    vehicles.map(({ id }) => String(id)).toSorted(),
    publicIds('vehicle', tenant.vehicleIds).toSorted(),
  );
  const names = vehicles.map(({ displayName }) => String(displayName));
  assert.deepEqual(names, names.toSorted());
});

test('lists every driver once, by name', async () => {
  const list = `drivers(first: $first, after: $after) { nodes { id } ${PAGE} }`;
  const drivers = await readAll(list, { at: ['drivers'] });
  assert.deepEqual(
    drivers.map(({ id }) => id),
    publicIds('driver', tenant.driverIds),
  );
});

test('lists every depot once, by name', async () => {
  const list = `depots(first: $first, after: $after) { nodes { id } ${PAGE} }`;
  const depots = await readAll(list, { at: ['depots'], first: 1 });
  assert.deepEqual(
    depots.map(({ id }) => id),
    publicIds('depot', tenant.depotIds),
  );
});

test('sorts names as people do: case and accents come second', async () => {
  const names = ['zebra', 'Émile', 'anna', 'Berta', 'emil', '10 t', '_x'];
  const people = await insertTenant(fleet.sql, { name: 'People', size: names.length });
  for (const [index, name] of names.entries()) {
    await fleet.sql.query('update fleet.drivers set display_name = $1 where id = $2', [
      name,
      people.driverIds[index],
    ]);
  }
  const answer = await fleet.run('{ drivers { nodes { displayName } } }', {
    identity: people.user,
  });
  const { drivers } = dataOf<{ drivers: Page }>(answer);
  assert.deepEqual(
    drivers.nodes.map(({ displayName }) => displayName),
    ['_x', '10 t', 'anna', 'Berta', 'emil', 'Émile', 'zebra'],
  );
});

test('lists the vehicles of a depot once', async () => {
  const list = `depot(id: "${depotId}") {
    vehicles(first: $first, after: $after) { nodes { id homeDepot { id } } ${PAGE} }
  }`;
  const vehicles = await readAll(list, { at: ['depot', 'vehicles'] });
  assert.equal(new Set(vehicles.map(({ id }) => id)).size, vehicles.length);
  assert.equal(vehicles.length, 12);
});

test('lists the shifts of a driver once, oldest first, by days of the depot', async () => {
  // In Berlin these begin at 00:30 of the 1st, the 2nd and so on to the 12th of March.
  await fleet.sql.query(
    `insert into fleet.shifts (id, organization_id, driver_id, planned_start, planned_end)
     select id, $1, $2, timestamptz '2026-02-28T23:30Z' + (n - 1) * interval '1 day',
       timestamptz '2026-03-01T07:30Z' + (n - 1) * interval '1 day'
     from unnest($3::uuid[]) with ordinality as shift (id, n)`,
    [tenant.organizationId, tenant.driverIds[0], Array.from({ length: 12 }, newId)],
  );
  const list = `driver(id: "${driverId}") {
    shifts(between: { from: "2026-03-01", to: "2026-03-10" }, first: $first, after: $after) {
      nodes { planned { start } driver { id } vehicle { id } } ${PAGE}
    }
  }`;
  const shifts = await readAll(list, { at: ['driver', 'shifts'], first: 3 });
  const starts = shifts.map(({ planned }) => (planned as { start: string }).start);
  assert.equal(starts.length, 10);
  assert.equal(starts[0], '2026-02-28T23:30:00.000Z');
  assert.deepEqual(starts, [...new Set(starts)].toSorted());
});

test('thins the history to one position per interval, across pages', async () => {
  const start = Date.now() - 2 * DAY_MS;
  const from = new Date(start - (start % 60_000));
  await fleet.sql.query(
    `insert into fleet.positions (vehicle_id, organization_id, recorded_at, latitude, longitude)
     select $1, $2, $3::timestamptz + n * interval '7 seconds', 52, 13 from generate_series(0, 199) n`,
    [tenant.vehicleIds[0], tenant.organizationId, from],
  );
  const list = (resolutionSeconds: number) => `vehicle(id: "${vehicleId}") {
    positions(
      between: { start: "${from.toISOString()}", end: "${new Date(start + DAY_MS).toISOString()}" }
      resolutionSeconds: ${resolutionSeconds}, first: $first, after: $after
    ) { nodes { recordedAt } ${PAGE} }
  }`;
  const at = ['vehicle', 'positions'];
  const all = await readAll(list(1), { at, first: 64 });
  assert.equal(new Set(all.map(({ recordedAt }) => recordedAt)).size, 200);
  const thinned = await readAll(list(60), { at, first: 4 });
  const minutes = thinned.map(({ recordedAt }) =>
    Math.floor(Date.parse(String(recordedAt)) / 60_000),
  );
  assert.equal(thinned.length, Math.ceil((199 * 7 + 1) / 60));
  assert.equal(new Set(minutes).size, minutes.length);
});

test('says whether there is more without giving any when first is 0', async () => {
  const query = `{ vehicles(first: 0) { nodes { id } ${PAGE} } }`;
  const { vehicles } = dataOf<{ vehicles: Page }>(
    await fleet.run(query, { identity: tenant.user }),
  );
  assert.deepEqual(vehicles.nodes, []);
  assert.deepEqual({ ...vehicles.pageInfo }, { hasNextPage: true, endCursor: null });
});

test('counts up to a limit and says whether that is all', async () => {
  const query = `query ($depotId: ID!) {
    vehicles(first: 1) { all: count { value precision } few: count(upTo: 36) { value precision } }
    depot(id: $depotId) { vehicles(first: 1) { exact: count(upTo: 12) { value precision } } }
  }`;
  const answer = await fleet.run(query, { identity: tenant.user, variables: { depotId } });
  assert.deepEqual(JSON.parse(JSON.stringify(dataOf(answer))), {
    vehicles: {
      all: { value: 37, precision: 'EXACT' },
      few: { value: 36, precision: 'AT_LEAST' },
    },
    depot: { vehicles: { exact: { value: 12, precision: 'EXACT' } } },
  });
});
