import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { ANONYMOUS } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import { encodeCursor } from '@quantumroute/schema/cursor';
import { encodeId, newId } from '@quantumroute/schema/ids';

import { createOrders, dispatchDay, orderInput } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { insertDay } from '../testing/history.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
let acme: Organization;
let user: Identity;

before(async () => {
  world = await openRouteWorld();
  acme = await addOrganization(world, { name: 'Acme', vans: 1 });
  user = dispatcher(acme);
  await insertDay(world, acme, { routes: 7, stopsEach: 3 });
});
after(() => world.close());

test('pages of every list follow each other without gap or repetition', async () => {
  const lists: Record<string, [string, number]> = {
    orders: ['orders(first: 4, after: $after)', 28],
    routes: [`routes(first: 4, after: $after, filter: { date: "${DAY}" })`, 7],
    unassigned: [
      'plan(depotId: $depotId, date: "' + DAY + '") { list: unassigned(first: 4, after: $after)',
      7,
    ],
    planRoutes: [
      'plan(depotId: $depotId, date: "' + DAY + '") { list: routes(first: 4, after: $after)',
      7,
    ],
  };
  for (const [name, [field, total]] of Object.entries(lists)) {
    const nested = field.startsWith('plan');
    const query = `query ($after: String, $depotId: ID!) { _: __typename
      ${nested ? field : `list: ${field}`} { count { value precision } nodes { id }
        pageInfo { hasNextPage endCursor } } ${nested ? '}' : ''}
      unused: plan(depotId: $depotId, date: "2000-01-01") { id } }`;
    const seen = new Set<string>();
    let after: string | null = null;
    let rows = 0;
    do {
      const depotId = encodeId('depot', acme.depotId);
      const answer: Answer = await world.ask(user, query, { after, depotId });
      const list: Answer = nested ? answer['plan'].list : answer['list'];
      assert.deepEqual(list['count'], { value: total, precision: 'EXACT' }, name);
      for (const { id } of list['nodes']) seen.add(id);
      rows += list['nodes'].length;
      after = list['pageInfo'].hasNextPage ? list['pageInfo'].endCursor : null;
    } while (after !== null);
    assert.equal(rows, total, name);
    assert.equal(seen.size, total, name);
  }
});

test('the unassigned come with the highest priority first, orders newest first', async () => {
  const depotId = encodeId('depot', acme.depotId);
  const { plan, orders } = await world.ask(
    user,
    `query ($depotId: ID!) { orders(first: 200) { nodes { createdAt } }
       plan(depotId: $depotId, date: "${DAY}") { unassigned { nodes { priority } } } }`,
    { depotId },
  );
  const priorities = plan.unassigned.nodes.map(({ priority }: Answer) => priority);
  assert.deepEqual(priorities, [7, 6, 5, 4, 3, 2, 1]);
  const times = orders.nodes.map(({ createdAt }: Answer) => createdAt);
  assert.deepEqual(
    times,
    times.toSorted((a: string, b: string) => (a < b ? 1 : -1)),
  );
});

test('a count stops where it is told to, and says so', async () => {
  const { orders } = await world.ask(user, '{ orders { count(upTo: 5) { value precision } } }');
  assert.deepEqual(orders.count, { value: 5, precision: 'AT_LEAST' });
});

test('filters narrow lists down', async () => {
  const count = async (filter: object) => {
    const query = 'query ($filter: OrderFilter) { orders(filter: $filter) { count { value } } }';
    return (await world.ask(user, query, { filter }))['orders'].count.value;
  };
  assert.equal(await count({ status: ['ACCEPTED'] }), 7);
  assert.equal(await count({ status: ['ACCEPTED', 'DELIVERED'] }), 14);
  assert.equal(await count({ status: [] }), 0);
  assert.equal(await count({ depotId: encodeId('depot', newId()) }), 0);
  assert.equal(await count({ depotId: 'nonsense' }), 0);
  assert.equal(await count({ serviceDate: { from: DAY, to: DAY } }), 28);
  assert.equal(await count({ serviceDate: { from: '2026-12-02', to: '2026-12-03' } }), 0);
  assert.equal(await count({ search: '%' }), 0);
  const [{ tracking_number: number }] = (await world.sql(
    `select tracking_number from route.orders where status = 'ACCEPTED' limit 1`,
  )) as [Answer];
  assert.equal(await count({ search: number.slice(4, 30).toUpperCase() }), 1);
});

test('the case of every alphabet makes no difference to a search', async () => {
  const names = ['İzmir Kargo', 'ΟΔΟΣ 7', 'Müller'];
  const { place } = orderInput();
  const orders = names.map((name) => orderInput(0, { place: { ...place, name } }));
  const shop = await addOrganization(world, { name: 'Alphabets' });
  await createOrders(world, dispatcher(shop), orders);
  const query = `query ($search: String) {
    orders(filter: { search: $search }) { nodes { place { name } } count { value } } }`;
  for (const search of ['İzmir', 'ΟΔΟΣ', 'MÜLLER', 'müller']) {
    const answer = await world.ask(dispatcher(shop), query, { search });
    assert.equal(answer['orders'].nodes.length, 1, search);
    assert.equal(answer['orders'].count.value, 1, search);
  }
});

test('stops are filtered by their status and paged by their sequence', async () => {
  const { routes } = await world.ask(
    user,
    `{ routes(filter: { date: "${DAY}" }) { nodes {
         pending: stops(status: [PENDING]) { nodes { sequence } }
         page: stops(first: 1) { nodes { sequence } pageInfo { hasNextPage } } } } }`,
  );
  for (const { pending, page } of routes.nodes) {
    assert.deepEqual(pending.nodes, [{ sequence: 2 }, { sequence: 3 }]);
    assert.deepEqual(page, { nodes: [{ sequence: 1 }], pageInfo: { hasNextPage: true } });
  }
});

test('unusable arguments are named', async () => {
  const cases: [string, string[]][] = [
    ['{ orders(first: 201) { nodes { id } } }', ['first']],
    ['{ orders(first: -1) { nodes { id } } }', ['first']],
    ['{ orders(after: "nonsense") { nodes { id } } }', ['after']],
    ['{ orders(filter: { search: "a\\u0000b" }) { nodes { id } } }', ['filter', 'search']],
    ['{ orders { count(upTo: 0) { value } } }', ['upTo']],
    ['{ track(token: "\\u0000") { __typename } }', ['token']],
    [
      `{ orders(filter: { serviceDate: { from: "2026-12-02", to: "2026-12-01" } }) { nodes { id } } }`,
      ['filter', 'serviceDate'],
    ],
  ];
  for (const [query, path] of cases) {
    const { errors } = await world.run(user, query);
    assert.equal(errors[0]?.extensions?.['code'], 'BAD_USER_INPUT', query);
    assert.deepEqual(errors[0].extensions['argumentPath'], path, query);
  }
});

test('half a surrogate pair is no text', async () => {
  const query = 'query ($by: OrderLookup!) { order(by: $by) { id } }';
  const { errors } = await world.run(user, query, { by: { trackingNumber: '\ud800' } });
  assert.deepEqual(errors[0]?.extensions?.['argumentPath'], ['by', 'trackingNumber']);
  const both = await world.run(user, query, { by: { trackingNumber: 'a', id: 'b' } });
  assert.equal(both.errors[0]?.extensions?.['code'], 'BAD_USER_INPUT');
});

test('a cursor of one list is not accepted by another', async () => {
  const { orders } = await world.ask(user, '{ orders(first: 1) { pageInfo { endCursor } } }');
  const query = `query ($after: String) { routes(filter: { date: "${DAY}" }, after: $after) { nodes { id } } }`;
  const { errors } = await world.run(user, query, { after: orders.pageInfo.endCursor });
  assert.deepEqual(errors[0]?.extensions?.['argumentPath'], ['after']);
});

test('a cursor outside the years that a date can have is refused', async () => {
  const query = 'query ($after: String) { orders(after: $after) { nodes { id } } }';
  for (const year of [-7e15, 7e15]) {
    const after = encodeCursor([year, randomUUID()]);
    const { errors } = await world.run(user, query, { after });
    assert.deepEqual(errors[0]?.extensions?.['argumentPath'], ['after']);
  }
});

test('a malformed id, a date without a plan and an impossible date', async () => {
  const depotId = encodeId('depot', acme.depotId);
  const { route, optimizationRun, order, plan } = await world.ask(
    user,
    `query ($depotId: ID!) { route(id: "rte_x") { id } optimizationRun(id: "") { id }
       order(by: { id: "veh_x" }) { id } plan(depotId: $depotId, date: "1999-12-31") { id } }`,
    { depotId },
  );
  assert.deepEqual([route, optimizationRun, order, plan], [null, null, null, null]);
  const impossible = '{ routes(filter: { date: "2026-02-30" }) { nodes { id } } }';
  assert.equal((await world.run(user, impossible)).data, null);
});

test('the public page follows an order without a login, until 30 days after its end', async () => {
  const shop = await addOrganization(world, { name: 'Shop', vans: 1 });
  const [order] = await createOrders(world, dispatcher(shop), [orderInput()]);
  const token = new URL(order?.['trackingUrl']).pathname.split('/').at(-1);
  assert.deepEqual((await track(token))['events'].length, 1);
  await dispatchDay(world, shop);
  const dispatched = await track(token);
  assert.equal(dispatched['status'], 'DISPATCHED');
  assert.equal(dispatched['eta'].basis, 'PLAN');
  assert.equal(dispatched['stopsAway'], null);
  await world.sql(
    `update route.orders set status = 'DELIVERED', finished_at = now() - interval '31 days'
     where tracking_token = $1`,
    [token],
  );
  const expired = await track(token);
  assert.equal(expired['__typename'], 'TrackingExpired');
  assert.ok(expired['expiredAt'] < new Date().toISOString());
  assert.equal((await track('nonsense'))['__typename'], 'TrackingNotFound');
});

test('a route on its way says how many stops are before the order', async () => {
  const [{ tracking_token: token }] = (await world.sql(
    `select tracking_token from route.orders o join route.stops stop on stop.id = o.stop_id
     where stop.sequence = 3 limit 1`,
  )) as [Answer];
  assert.equal((await track(token))['stopsAway'], 1);
});

test('the position of a vehicle decides its next arrival while it is fresh', async () => {
  const [{ vehicle_id: vehicleId }] = (await world.sql(
    'select vehicle_id from route.routes where organization_id = $1 limit 1',
    [acme.organizationId],
  )) as [Answer];
  const eta = async (position: object | null) => {
    const reference = { __typename: 'Vehicle', id: encodeId('vehicle', vehicleId), position };
    const { _entities } = await world.ask(
      user,
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on Vehicle { nextStopEta { at basis } } } }`,
      { representations: [reference] },
    );
    return _entities[0].nextStopEta;
  };
  const recordedAt = new Date().toISOString();
  const position = { point: { latitude: 52.6, longitude: 13.4 }, recordedAt, isStale: false };
  assert.equal((await eta(position)).basis, 'LIVE_POSITION');
  assert.ok((await eta(position)).at > recordedAt);
  assert.equal((await eta({ ...position, isStale: true })).basis, 'PLAN');
  assert.equal((await eta(null)).basis, 'PLAN');
});

async function track(token: string | undefined): Promise<Answer> {
  const { track } = await world.ask(
    ANONYMOUS,
    `query ($token: String!) { track(token: $token) { __typename
       ... on TrackedDelivery { status stopsAway promisedWindow { start } eta { at basis }
         events { type occurredAt } }
       ... on TrackingExpired { expiredAt } ... on TrackingNotFound { message } } }`,
    { token },
  );
  return track;
}
