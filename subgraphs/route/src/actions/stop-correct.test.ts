import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { decodeId } from '@quantumroute/schema/ids';

import {
  createOrders,
  dispatchDay,
  orderInput,
  STOP_ARRIVE,
  STOP_COMPLETE,
  STOP_CORRECT,
  STOP_FAIL,
} from '../testing/day.ts';
import { eventsOf } from '../testing/events.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, driverOf, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
const HOUR_AGO = Date.now() - 3_600_000;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

test('a failed stop turns out to be completed: its order, its route and the reports follow', async () => {
  const { acme, stops, visit } = await drivenDay('Delivered after all', 2);
  await visit(0, { arrival: 0, departure: 60 });
  await visit(1, { arrival: 600, departure: 700, fails: true });
  const told = (await eventsOf(world, acme)).length;
  const version = await versionOf(stops[1]!);
  const { stop, route, userErrors } = await correct(acme, stops[1]!, version, {
    outcome: 'COMPLETED',
    departedAt: clock(900),
    note: 'The neighbour took it',
  });
  assert.deepEqual(userErrors, []);
  assert.equal(stop.status, 'COMPLETED');
  assert.equal(stop.failure, null);
  assert.equal(stop.version, version + 1);
  assert.deepEqual(stop.actual, { arrival: clock(600), departure: clock(900) });
  assert.equal(stop.orders[0].status, 'DELIVERED');
  assert.equal(stop.orders[0].parcels[0].deliveredQuantity, 2);
  assert.equal(route.progress.completedStops, 2);
  const events = (await eventsOf(world, acme)).slice(told);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['stop.finished', 'route.finished'],
  );
  const [corrected, ended] = events.map(({ body }) => body);
  assert.partialDeepStrictEqual(corrected, {
    outcome: 'COMPLETED',
    failureReason: null,
    ordersInFull: 1,
    ordersFirstAttempt: 1,
    dwellSeconds: 300,
    actualSequence: 2,
  });
  assert.equal(ended?.['endedAt'], clock(900));
  const types = await orderStory(acme, stops[1]!);
  assert.deepEqual(types, ['ATTEMPT_FAILED', 'DELIVERED']);
});

test('a completed stop turns out to have failed: nothing of it is delivered, nothing is proven', async () => {
  const { acme, stops, visit } = await drivenDay('Wrong door', 1);
  const proof = { recipientName: 'Nobody', sha256: '0'.repeat(64) };
  await visit(0, { arrival: 0, departure: 60, proof });
  const { stop, route } = await correct(acme, stops[0]!, await versionOf(stops[0]!), {
    outcome: 'FAILED',
    failureReason: 'WRONG_ADDRESS',
    note: 'Left at number 12',
  });
  assert.deepEqual(stop.failure, {
    reason: 'WRONG_ADDRESS',
    note: 'Left at number 12',
    at: clock(60),
  });
  assert.equal(stop.proofOfDelivery, null);
  assert.equal(stop.orders[0].status, 'FAILED');
  assert.equal(stop.orders[0].parcels[0].deliveredQuantity, 0);
  assert.equal(route.status, 'COMPLETED');
  const [event] = (await eventsOf(world, acme)).slice(2);
  assert.partialDeepStrictEqual(event?.body, {
    outcome: 'FAILED',
    failureReason: 'WRONG_ADDRESS',
    ordersInFull: 0,
  });
});

test('a later departure changes the ETA of the next stop, and nothing else of it', async () => {
  const { acme, stops, visit } = await drivenDay('Left later', 3);
  for (const index of [0, 1, 2]) {
    await visit(index, { arrival: index * 600, departure: index * 600 + 60 });
  }
  const before = await eventsOf(world, acme);
  await correct(acme, stops[0]!, await versionOf(stops[0]!), { departedAt: clock(160) });
  const [first, second, ...rest] = (await eventsOf(world, acme)).slice(before.length);
  assert.deepEqual(rest, []);
  assert.partialDeepStrictEqual(first?.body, { plannedSequence: 1, dwellSeconds: 160 });
  const known = before[1]!.body;
  const etaErrorSeconds = known['etaErrorSeconds'] - 100;
  assert.deepEqual(second?.body, { ...known, etaErrorSeconds });
});

test('parcels that came back are put right, and the story of the order goes on', async () => {
  const { acme, stops, visit } = await drivenDay('One of two', 1);
  await visit(0, { arrival: 0, departure: 60 });
  const [order] = stops[0]!['orders'];
  const { reference } = order.parcels[0];
  const deliveredParcels = [{ orderId: order.id, reference, quantity: 1 }];
  const version = await versionOf(stops[0]!);
  const { stop } = await correct(acme, stops[0]!, version, { deliveredParcels });
  assert.equal(stop.orders[0].status, 'PARTIALLY_DELIVERED');
  const types = await orderStory(acme, stops[0]!);
  assert.deepEqual(types, ['DELIVERED', 'PARTIALLY_DELIVERED']);
});

test('a correction happens once per key and version', async () => {
  const { acme, stops, visit } = await drivenDay('Twice', 1);
  await visit(0, { arrival: 0, departure: 60 });
  const version = await versionOf(stops[0]!);
  const input = { idempotencyKey: randomUUID(), departedAt: clock(90) };
  const first = await correct(acme, stops[0]!, version, input);
  assert.deepEqual(await correct(acme, stops[0]!, version, input), first);
  assert.equal((await eventsOf(world, acme)).length, 4);
  const reused = await correct(acme, stops[0]!, version, { ...input, departedAt: clock(95) });
  assert.equal(reused['userErrors'][0].code, 'IDEMPOTENCY_KEY_REUSED');
  const stale = await correct(acme, stops[0]!, version, { departedAt: clock(95) });
  assert.deepEqual(
    [stale['userErrors'][0].code, stale['userErrors'][0].path],
    ['VERSION_CONFLICT', ['expectedVersion']],
  );
});

test('what cannot have been is refused, and nothing is written', async () => {
  const { acme, stops, visit } = await drivenDay('Impossible', 2);
  const open = await correct(acme, stops[0]!, 1, { departedAt: clock(0) });
  assert.deepEqual(
    [open['userErrors'][0].code, open['userErrors'][0].currentStatus],
    ['ILLEGAL_TRANSITION', 'PENDING'],
  );
  await visit(0, { arrival: 0, departure: 60 });
  await visit(1, { departure: 120, fails: true });
  const told = (await eventsOf(world, acme)).length;
  const future = new Date(Date.now() + 3_600_000).toISOString();
  const refusals: [number, object, string[]][] = [
    [0, { arrivedAt: clock(61) }, ['departedAt']],
    [0, { arrivedAt: future, departedAt: future }, ['arrivedAt', 'departedAt']],
    [0, { arrivedAt: '2020-01-01T00:00:00Z' }, ['arrivedAt']],
    [0, { outcome: 'FAILED' }, ['failureReason']],
    [0, { failureReason: 'OTHER' }, ['failureReason']],
    [0, { note: 'x'.repeat(1_001) }, ['note']],
    [1, { deliveredParcels: [] }, ['deliveredParcels']],
    [1, { outcome: 'COMPLETED' }, ['arrivedAt']],
  ];
  for (const [index, input, fields] of refusals) {
    const version = await versionOf(stops[index]!);
    const { stop, userErrors } = await correct(acme, stops[index]!, version, input);
    assert.equal(stop, null);
    assert.deepEqual(
      userErrors.map(({ code, path }: Answer) => [code, ...path]),
      fields.map((field) => ['INVALID', 'input', field]),
    );
  }
  assert.equal((await eventsOf(world, acme)).length, told);
});

test('nobody corrects but dispatchers of the organization', async () => {
  const { acme, stops, visit } = await drivenDay('Not yours', 1);
  await visit(0, { arrival: 0, departure: 60 });
  const other = await addOrganization(world, { name: 'Stranger', vans: 0 });
  const variables = {
    id: stops[0]!['id'],
    version: await versionOf(stops[0]!),
    input: { idempotencyKey: randomUUID(), departedAt: clock(90) },
  };
  const foreign = await world.ask(dispatcher(other), STOP_CORRECT, variables);
  assert.deepEqual(
    foreign['payload'].userErrors.map(({ code, path }: Answer) => [code, path]),
    [['NOT_FOUND', ['id']]],
  );
  for (const caller of [
    driverOf(acme, acme.crews[0]!.driverId),
    partnerOf(acme, acme.partners[0]),
  ]) {
    const { errors } = await world.run(caller, STOP_CORRECT, variables);
    assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
  }
});

type Visit = { arrival?: number; departure: number; fails?: boolean; proof?: object };

/** A dispatched day with one order at each stop, and its driver. */
async function drivenDay(name: string, orders: number) {
  const acme = await addOrganization(world, { name, vans: 1 });
  const inputs = Array.from({ length: orders }, (_, index) => orderInput(index * 9));
  await createOrders(world, dispatcher(acme), inputs);
  const plan = await dispatchDay(world, acme);
  const stops: Answer[] = plan['routes'].nodes[0].stops.nodes;
  const driver = driverOf(acme, acme.crews[0]!.driverId);
  const report = async (mutation: string, id: string, input: object) => {
    const body = { idempotencyKey: randomUUID(), ...input };
    const { payload } = await world.ask(driver, mutation, { id, input: body });
    assert.deepEqual(payload.userErrors, []);
  };
  const visit = async (index: number, { arrival, departure, fails, proof }: Visit) => {
    const id = stops[index]!['id'];
    if (arrival !== undefined) await report(STOP_ARRIVE, id, { occurredAt: clock(arrival) });
    const occurredAt = clock(departure);
    if (fails) await report(STOP_FAIL, id, { occurredAt, reason: 'NOBODY_HOME' });
    else await report(STOP_COMPLETE, id, { occurredAt, proof });
  };
  return { acme, stops, visit };
}

function clock(seconds: number): string {
  return new Date(HOUR_AGO + seconds * 1_000).toISOString();
}

async function correct(
  organization: Organization,
  stop: Answer,
  version: number,
  changes: object,
): Promise<Answer> {
  const input = { idempotencyKey: randomUUID(), ...changes };
  const variables = { id: stop['id'], version, input };
  const { payload } = await world.ask(dispatcher(organization), STOP_CORRECT, variables);
  return payload;
}

async function versionOf(stop: Answer): Promise<number> {
  const [row] = await world.sql('select version from route.stops where id = $1', [
    decodeId('stop', stop['id']),
  ]);
  return Number(row?.['version']);
}

/** What became of the order, as it was told. */
async function orderStory(organization: Organization, stop: Answer): Promise<string[]> {
  const { order } = await world.ask(
    dispatcher(organization),
    '{ order(by: { id: "' +
      stop['orders'][0].id +
      '" }) { events(first: 20) { nodes { type } } } }',
  );
  const types: string[] = order.events.nodes.map(({ type }: Answer) => type);
  return types.filter((type) => /DELIVERED|FAILED/.test(type));
}
