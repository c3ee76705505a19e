import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { testRedis } from '@quantumroute/ops/local/testing';
import type { TestRedis } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';

import {
  createOrders,
  dispatchDay,
  now,
  orderInput,
  publish,
  STOP_ARRIVE,
  STOP_COMPLETE,
} from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, driverOf, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';
import { boardCursor } from './board-position.ts';

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

const BOARD = `subscription ($depotId: ID!, $date: LocalDate!, $after: String) {
  boardUpdated(depotId: $depotId, date: $date, after: $after) { cursor at reload change { __typename
    ... on Route { id version routeStatus: status }
    ... on Stop { id version stopStatus: status }
    ... on Order { id version orderStatus: status }
    ... on OptimizationRun { id runStatus: status } } } }`;

const ORDER_CANCEL = `mutation ($id: ID!, $version: Int!) {
  orderCancel(id: $id, expectedVersion: $version) { userErrors { code message } } }`;

type Stream = AsyncIterator<Answer>;

function boardOf(
  { organizationId, depotId }: Organization,
  { after = null, identity }: { after?: string | null; identity?: Identity } = {},
): Promise<Stream> {
  const variables = { depotId: encodeId('depot', depotId), date: DAY, after };
  return world.watch(identity ?? dispatcher({ organizationId }), BOARD, variables);
}

async function event(stream: Stream): Promise<Answer> {
  const { value, done } = await stream.next();
  assert.ok(!done && value.errors === undefined, JSON.stringify(value));
  return value['data'].boardUpdated;
}

const typeOf = ({ change }: Answer) => change?.__typename ?? null;

async function cancel(organization: Organization, order: Answer | undefined): Promise<void> {
  const variables = { id: order?.['id'], version: 1 };
  const { orderCancel } = await world.ask(dispatcher(organization), ORDER_CANCEL, variables);
  assert.deepEqual(orderCancel.userErrors, []);
}

test('a board is told to look, then of each change, then of a new plan as a whole', async () => {
  const acme = await addOrganization(world, { name: 'Board', vans: 1 });
  const stream = await boardOf(acme);
  const first = await event(stream);
  assert.deepEqual([first['reload'], first['change']], [true, null]);
  const orders = await createOrders(world, dispatcher(acme), [orderInput(1), orderInput(2)]);
  const created = [await event(stream), await event(stream)];
  assert.deepEqual(
    created.map(({ change }) => [change.__typename, change.id, change.orderStatus]),
    orders.map(({ id }) => ['Order', id, 'ACCEPTED']),
  );
  await publish(world, acme);
  const told = [await event(stream)];
  while (!told.at(-1)?.['reload']) told.push(await event(stream));
  const runs = told.slice(0, -1);
  assert.ok(runs.every((each) => typeOf(each) === 'OptimizationRun'));
  await stream.return?.();
});

test('a visit is told as the stop, its orders and its route, in their present state', async () => {
  const acme = await addOrganization(world, { name: 'Visited', vans: 1 });
  await createOrders(world, dispatcher(acme), [orderInput(1), orderInput(2)]);
  const plan = await dispatchDay(world, acme);
  const [stop] = plan['routes'].nodes[0].stops.nodes;
  const stream = await boardOf(acme);
  await event(stream);
  const driver = driverOf(acme, acme.crews[0]?.driverId ?? '');
  for (const mutation of [STOP_ARRIVE, STOP_COMPLETE]) {
    const { payload } = await world.ask(driver, mutation, { id: stop.id, input: now() });
    assert.deepEqual(payload.userErrors, []);
  }
  const seen = new Map<string, Answer>();
  while (seen.get('Stop')?.['stopStatus'] !== 'COMPLETED' || !seen.has('Order')) {
    const { change } = await event(stream);
    seen.set(change.__typename, change);
  }
  assert.equal(seen.get('Stop')?.['id'], stop.id);
  assert.equal(seen.get('Order')?.['orderStatus'], 'DELIVERED');
  await stream.return?.();
});

test('who comes back with a cursor gets what was missed, once and in order, then what follows', async () => {
  const acme = await addOrganization(world, { name: 'Resumes', vans: 1 });
  const before = await boardOf(acme);
  await event(before);
  const orders = [];
  for (let n = 0; n < 4; n += 1) {
    orders.push(...(await createOrders(world, dispatcher(acme), [orderInput(n)])));
  }
  const { cursor } = await event(before);
  await before.return?.();
  await cancel(acme, orders[1]);
  const again = await boardOf(acme, { after: cursor });
  const missed = [await event(again), await event(again), await event(again)];
  assert.ok(missed.every(({ reload }) => !reload));
  // The second one was cancelled meanwhile: it comes once, where it changed last.
  assert.deepEqual(
    missed.map(({ change }) => change.id),
    [orders[2], orders[3], orders[1]].map((order) => order?.['id']),
  );
  assert.equal(missed[2]?.['change'].orderStatus, 'CANCELED');
  const next = event(again);
  await cancel(acme, orders[0]);
  assert.equal((await next)['change'].id, orders[0]?.['id']);
  await again.return?.();
});

test('the position of an event is as good as its cursor, and says why there is a gap', async () => {
  const acme = await addOrganization(world, { name: 'Positions', vans: 1 });
  const variables = { depotId: encodeId('depot', acme.depotId), date: DAY };
  const follow = (position: string | null) =>
    world.watch(dispatcher(acme), BOARD, variables, { position });
  const told = async (stream: Stream) => {
    const { value } = await stream.next();
    return { event: value['data']?.boardUpdated as Answer, note: value['extensions'].live };
  };
  const first = await follow(null);
  const look = await told(first);
  assert.deepEqual([look.event['reload'], look.note.mode], [true, 'changes']);
  const orders = await createOrders(world, dispatcher(acme), [orderInput(1), orderInput(2)]);
  const one = await told(first);
  assert.deepEqual([one.note.settles, one.note.gap], [true, undefined]);
  await first.return?.();
  const second = await follow(one.note.position);
  assert.equal((await told(second)).event, undefined, 'he missed nothing but what follows');
  const two = await told(second);
  assert.equal(two.event['change'].id, orders[1]?.['id']);
  await second.return?.();
  const known = { transactionId: '5', index: 0, atMs: Date.now() };
  for (const [position, gap] of [
    [{ ...known, atMs: Date.now() - 24 * 3_600_000 }, 'TRIMMED'],
    [{ ...known, transactionId: '9000000000000' }, 'RESET'],
  ] as const) {
    const stream = await follow(boardCursor.of(position));
    const again = await told(stream);
    assert.deepEqual([again.event['reload'], again.note.gap], [true, gap]);
    await stream.return?.();
  }
});

test('a cursor of a batch goes on inside of it', async () => {
  const acme = await addOrganization(world, { name: 'Batch', vans: 1 });
  const stream = await boardOf(acme);
  await event(stream);
  const inputs = [1, 2, 3].map((n) => orderInput(n));
  const orders = await createOrders(world, dispatcher(acme), inputs);
  const { cursor } = await event(stream);
  await stream.return?.();
  const again = await boardOf(acme, { after: cursor });
  const rest = [await event(again), await event(again)];
  assert.deepEqual(
    rest.map(({ change }) => change.id),
    orders.slice(1).map(({ id }) => id),
  );
  await again.return?.();
});

test('a cursor that the log does not reach back to, or of a restored database, means to look again', async () => {
  const acme = await addOrganization(world, { name: 'Trimmed', vans: 1 });
  const known = { transactionId: '5', index: 0, atMs: Date.now() };
  for (const position of [
    { ...known, atMs: Date.now() - 24 * 3_600_000 },
    { ...known, transactionId: '9000000000000' },
  ]) {
    const stream = await boardOf(acme, { after: boardCursor.of(position) });
    assert.equal((await event(stream))['reload'], true);
    await stream.return?.();
  }
});

test('many changes at once are told as a whole', async () => {
  const acme = await addOrganization(world, { name: 'Whole', vans: 1 });
  const stream = await boardOf(acme);
  await event(stream);
  for (const from of [0, 30]) {
    const orders = Array.from({ length: 30 }, (_, n) => orderInput(from + n));
    await createOrders(world, dispatcher(acme), orders);
  }
  // Each of them alone would have been told one by one.
  const { reload, change } = await event(stream);
  assert.deepEqual([reload, change], [true, null]);
  await stream.return?.();
});

test('nothing is missed while Redis is away', async () => {
  const acme = await addOrganization(world, { name: 'Away', vans: 1 });
  const stream = await boardOf(acme);
  await event(stream);
  await redis.kill();
  const [order] = await createOrders(world, dispatcher(acme), [orderInput(1)]);
  assert.equal((await event(stream))['change'].id, order?.['id']);
  await redis.start();
  await stream.return?.();
});

test('a dispatcher who leaves while nothing happens is let go at once', async () => {
  const stream = await boardOf(await addOrganization(world, { name: 'Left', vans: 1 }));
  await event(stream);
  const waiting = stream.next();
  await stream.return?.();
  assert.equal((await waiting).done, true);
});

test('nobody follows the board of another organization, and partners none', async () => {
  const [acme, other] = [
    await addOrganization(world, { name: 'Closed', vans: 1 }),
    await addOrganization(world, { name: 'Nosy', vans: 1 }),
  ];
  const nosy = dispatcher(other);
  const foreign = await boardOf(acme, { identity: nosy });
  const unknown = await boardOf({ ...other, depotId: newId() }, { identity: nosy });
  const own = await boardOf(acme);
  const firsts = [await event(foreign), await event(unknown), await event(own)];
  assert.ok(firsts.every(({ reload, change }) => reload && change === null));
  const heard: unknown[] = [];
  const waits = [foreign, unknown].map(async (stream) => {
    if (!(await stream.next()).done) heard.push(stream);
  });
  await createOrders(world, dispatcher(acme), [orderInput(1)]);
  assert.equal(typeOf(await event(own)), 'Order');
  for (const stream of [foreign, unknown, own]) await stream.return?.();
  await Promise.all(waits);
  assert.deepEqual(heard, []);
  const partner = { ...partnerOf(acme, acme.partners[0]), scopes: dispatcher(acme).scopes };
  const { value } = await (await boardOf(acme, { identity: partner })).next();
  assert.match(JSON.stringify(value), /NOT_FOUND/);
});

test('a cursor of something else, and an id of nothing, are refused', async () => {
  const acme = await addOrganization(world, { name: 'Wrong', vans: 1 });
  const { value } = await (await boardOf(acme, { after: randomUUID() })).next();
  assert.match(JSON.stringify(value), /BAD_USER_INPUT/);
  const variables = { depotId: 'nonsense', date: DAY };
  const refused = await (await world.watch(dispatcher(acme), BOARD, variables)).next();
  assert.match(JSON.stringify(refused.value), /NOT_FOUND/);
});
