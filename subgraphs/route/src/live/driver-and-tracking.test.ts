import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ANONYMOUS } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import { testRedis } from '@quantumroute/ops/local/testing';
import type { TestRedis } from '@quantumroute/ops/local/testing';
import { decodeId } from '@quantumroute/schema/ids';

import {
  createOrders,
  dispatchDay,
  now,
  orderInput,
  publish,
  STOP_ARRIVE,
  STOP_COMPLETE,
} from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, driverOf, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
let redis: TestRedis;

before(async () => {
  redis = await testRedis();
  world = await openRouteWorld({ redisUrl: redis.url });
});
after(async () => {
  await world?.close();
  await redis?.stop();
});

const MY_ROUTE = `subscription { myRouteUpdated { id version status nextStop { id sequence }
  stops(first: 10) { nodes { id status } } } }`;
const TRACKING = `subscription ($token: String!) { orderTracking(token: $token) {
  status eta { at } stopsAway events { type } } }`;

/** What is told of a subscription that says its positions. */
async function told(stream: AsyncIterator<Answer>): Promise<{ data: Answer | null; note: Answer }> {
  const { value, done } = await stream.next();
  assert.ok(!done && value.errors === undefined, JSON.stringify(value));
  const [data = null] = Object.values<Answer>(value['data'] ?? {});
  return { data, note: value['extensions']?.live };
}

async function frame(stream: AsyncIterator<Answer>): Promise<Answer> {
  const { value, done } = await stream.next();
  assert.ok(!done && value.errors === undefined, JSON.stringify(value));
  return Object.values<Answer>(value['data'])[0] ?? {};
}

/** An organization whose only van is on its way today, with some stops. */
async function dayOnTheRoad(name: string, { stops = 3 } = {}) {
  const organization = await addOrganization(world, { name, vans: 1 });
  const orders = Array.from({ length: stops }, (_, index) => orderInput(index));
  await createOrders(world, dispatcher(organization), orders);
  const plan = await dispatchDay(world, organization);
  await moveToToday(organization);
  const [route] = plan['routes'].nodes;
  const driver = driverOf(organization, organization.crews[0]?.driverId ?? '');
  return { organization, driver, route, stops: route.stops.nodes as Answer[] };
}

/** The tests plan a day of their own; a driver sees the route of today. */
async function moveToToday({ organizationId }: Organization): Promise<void> {
  const today = `(now() at time zone 'Europe/Berlin')::date`;
  for (const table of ['routes', 'orders', 'plans']) {
    await world.sql(
      `update route.${table} set service_date = ${today} where organization_id = $1`,
      [organizationId],
    );
  }
}

async function step(driver: Identity, mutation: string, stop: Answer | undefined): Promise<void> {
  const { payload } = await world.ask(driver, mutation, { id: stop?.['id'], input: now() });
  assert.deepEqual(payload.userErrors, []);
}

async function tokenOf(stop: Answer | undefined): Promise<string> {
  const [row] = await world.sql('select tracking_token from route.orders where id = $1', [
    decodeId('order', stop?.['orders'][0].id),
  ]);
  return String(row?.['tracking_token']);
}

test('a driver gets the route of now, and each change of it', async () => {
  const { driver, route, stops } = await dayOnTheRoad('Driver');
  const stream = await world.watch(driver, MY_ROUTE);
  const first = await frame(stream);
  assert.deepEqual([first['id'], first['status']], [route.id, 'DISPATCHED']);
  await step(driver, STOP_ARRIVE, stops[0]);
  const arrived = await frame(stream);
  assert.deepEqual(
    [arrived['status'], arrived['stops'].nodes[0].status],
    ['IN_PROGRESS', 'ARRIVED'],
  );
  await step(driver, STOP_COMPLETE, stops[0]);
  const completed = await frame(stream);
  assert.equal(completed['nextStop'].id, stops[1]?.['id']);
  assert.ok(first['version'] < arrived['version'] && arrived['version'] < completed['version']);
  const waiting = stream.next();
  await stream.return?.();
  assert.equal((await waiting).done, true);
});

test('a driver who comes back is told what the route has become, or that it is the same', async () => {
  const { driver, stops } = await dayOnTheRoad('Back');
  const first = await world.watch(driver, MY_ROUTE, {}, { position: null });
  const { data, note } = await told(first);
  assert.deepEqual(
    [data?.['status'], note['mode'], note['settles']],
    ['DISPATCHED', 'state', false],
  );
  const resume = () => world.watch(driver, MY_ROUTE, {}, { position: note['position'] });
  const same = await resume();
  assert.deepEqual(await told(same), {
    data: null,
    note: { position: note['position'], mode: 'state' },
  });
  await step(driver, STOP_ARRIVE, stops[0]);
  for (const stream of [first, same, await resume()]) {
    const changed = await told(stream);
    assert.equal(changed.data?.['status'], 'IN_PROGRESS');
    assert.equal(changed.note['settles'], true);
    await stream.return?.();
  }
});

test('a driver without a route waits for one', async () => {
  const organization = await addOrganization(world, { name: 'Waits', vans: 1 });
  await createOrders(world, dispatcher(organization), [orderInput(1)]);
  const driver = driverOf(organization, organization.crews[0]?.driverId ?? '');
  const stream = await world.watch(driver, MY_ROUTE);
  const first = frame(stream);
  const plan = await publish(world, organization);
  await moveToToday(organization);
  assert.equal((await first)['id'], plan['routes'].nodes[0].id);
  await stream.return?.();
});

test('a driver sees no route of another, whatever organization the token names', async () => {
  const { organization, driver, stops } = await dayOnTheRoad('Own');
  const stranger = await addOrganization(world, { name: 'Stranger', vans: 1 });
  const streams = await Promise.all([
    world.watch(driverOf(organization, stranger.crews[0]?.driverId ?? ''), MY_ROUTE),
    world.watch({ ...driver, organizationId: stranger.organizationId }, MY_ROUTE),
  ]);
  const heard: unknown[] = [];
  const waits = streams.map(async (stream) => {
    const { done, value } = await stream.next();
    if (!done) heard.push(value);
  });
  const own = await world.watch(driver, MY_ROUTE);
  await frame(own);
  await step(driver, STOP_ARRIVE, stops[0]);
  await frame(own);
  for (const stream of [own, ...streams]) await stream.return?.();
  await Promise.all(waits);
  assert.deepEqual(heard, []);
});

test('who is no driver is refused', async () => {
  const organization = await addOrganization(world, { name: 'No driver', vans: 1 });
  const identity = { ...driverOf(organization, ''), driverId: null };
  for (const refused of [identity, dispatcher(organization)]) {
    const { value } = await (await world.watch(refused, MY_ROUTE)).next();
    assert.match(JSON.stringify(value), /FORBIDDEN/);
  }
});

test('a delivery is followed by its token alone, from stop to stop, up to its end', async () => {
  const { driver, stops } = await dayOnTheRoad('Tracked', { stops: 2 });
  const token = await tokenOf(stops[1]);
  const stream = await world.watch(ANONYMOUS, TRACKING, { token });
  assert.deepEqual((await frame(stream))['status'], 'DISPATCHED');
  await step(driver, STOP_ARRIVE, stops[0]);
  assert.equal((await frame(stream))['stopsAway'], 1);
  await step(driver, STOP_COMPLETE, stops[0]);
  assert.equal((await frame(stream))['stopsAway'], 0);
  await step(driver, STOP_ARRIVE, stops[1]);
  await step(driver, STOP_COMPLETE, stops[1]);
  let last = await frame(stream);
  while (last['status'] !== 'DELIVERED') last = await frame(stream);
  assert.equal(last['events'].at(-1).type, 'DELIVERED');
  assert.equal((await stream.next()).done, true);
  const late = await world.watch(ANONYMOUS, TRACKING, { token });
  assert.equal((await frame(late))['status'], 'DELIVERED');
  assert.equal((await late.next()).done, true);
});

test('a delivery is followed after a break, and caches forget its former status only', async () => {
  const { driver, stops } = await dayOnTheRoad('Break', { stops: 2 });
  const token = await tokenOf(stops[1]);
  const follow = (position: unknown) =>
    world.watch(ANONYMOUS, TRACKING, { token }, { position: position as string | null });
  const first = await follow(null);
  const beginning = await told(first);
  await step(driver, STOP_ARRIVE, stops[0]);
  const nearer = await told(first);
  assert.deepEqual([nearer.data?.['stopsAway'], nearer.note['settles']], [1, false]);
  await first.return?.();
  const second = await follow(beginning.note['position']);
  assert.equal((await told(second)).data?.['stopsAway'], 1);
  await step(driver, STOP_COMPLETE, stops[0]);
  await step(driver, STOP_ARRIVE, stops[1]);
  await step(driver, STOP_COMPLETE, stops[1]);
  let last = await told(second);
  while (last.data?.['status'] !== 'DELIVERED') last = await told(second);
  assert.equal(last.note['settles'], true);
  assert.equal((await second.next()).done, true);
  const late = await follow(last.note['position']);
  assert.equal((await late.next()).done, true, 'he knows the end');
});

test('a token that opens nothing is NOT_FOUND, also one whose time is over', async () => {
  const { organization, driver, stops } = await dayOnTheRoad('Over', { stops: 1 });
  const token = await tokenOf(stops[0]);
  await step(driver, STOP_ARRIVE, stops[0]);
  await step(driver, STOP_COMPLETE, stops[0]);
  await world.sql(
    `update route.orders set finished_at = now() - interval '31 days' where organization_id = $1`,
    [organization.organizationId],
  );
  for (const nothing of [token, 'nonsense', '']) {
    const { value } = await (await world.watch(ANONYMOUS, TRACKING, { token: nothing })).next();
    assert.match(JSON.stringify(value), /NOT_FOUND/);
  }
});

test('what changes while Redis is away is told all the same', async () => {
  const { driver, stops } = await dayOnTheRoad('No Redis');
  // Another process publishes and this one hears of nothing: its rows tell.
  const stream = await world.watch(driver, MY_ROUTE);
  await frame(stream);
  await redis.kill();
  await world.sql(`update route.routes set version = version + 1 where id = $1`, [
    decodeId('route', (await routeOf(driver))['id']),
  ]);
  await frame(stream);
  await step(driver, STOP_ARRIVE, stops[0]);
  assert.equal((await frame(stream))['status'], 'IN_PROGRESS');
  await redis.start();
  await stream.return?.();
});

async function routeOf(driver: Identity): Promise<Answer> {
  const stream = await world.watch(driver, MY_ROUTE);
  const route = await frame(stream);
  await stream.return?.();
  return route;
}
