import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';
import type { Identity } from '@quantumroute/ops/identity';

import { createOrders, orderInput, ORDERS_CREATE, publish } from '../testing/day.ts';
import { DAY } from '../testing/fleet-stand-in.ts';
import { openTransaction, untilWaiting } from '../testing/open-transaction.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';
import { holdClockBeforeDay, offers, plannedDay, take } from '../testing/slot-offers.ts';

let world: RouteWorld;

before(async () => {
  holdClockBeforeDay();
  world = await openRouteWorld();
});
after(() => world.close());

test('an offer that is taken is the only requested window, and promised at once', async () => {
  const acme = await plannedDay(world, 'Taken');
  const [offer] = await offers(world, dispatcher(acme), { windowMinutes: 60 });
  const { orders, userErrors } = await take(world, dispatcher(acme), offer!['offerToken']);
  assert.deepEqual(userErrors, []);
  const { order } = await world.ask(
    dispatcher(acme),
    `query ($id: ID!) { order(by: { id: $id }) { status serviceDate requestedWindows { start end }
       promisedWindow { start end } } }`,
    { id: orders[0].id },
  );
  assert.deepEqual(order, {
    status: 'ACCEPTED',
    serviceDate: DAY,
    requestedWindows: [offer!['window']],
    promisedWindow: offer!['window'],
  });
  const plan = await publish(world, acme);
  assert.equal(plan['unassigned'].count.value, 0);
});

test('who changes the window or the address gives the promise up, who changes the priority does not', async () => {
  const acme = await plannedDay(world, 'Changed');
  const UPDATE = `mutation ($id: ID!, $version: Int!, $input: OrderUpdateInput!) {
    orderUpdate(id: $id, expectedVersion: $version, input: $input) {
      order { version promisedWindow { start } } userErrors { message } } }`;
  for (const [input, isKept] of [
    [{ priority: 90 }, true],
    [{ place: orderInput(5)['place'] }, false],
    [{ windows: [] }, false],
  ] as const) {
    const [offer] = await offers(world, dispatcher(acme));
    const { orders } = await take(world, dispatcher(acme), offer!['offerToken']);
    const { id, version } = orders[0];
    const { orderUpdate } = await world.ask(dispatcher(acme), UPDATE, { id, version, input });
    assert.deepEqual(orderUpdate.userErrors, []);
    assert.equal(orderUpdate.order.promisedWindow !== null, isKept);
  }
});

test('an offer can be taken once, and again with the same idempotency key', async () => {
  const acme = await plannedDay(world, 'Once');
  const [offer] = await offers(world, dispatcher(acme));
  const order = { ...orderInput(3), slotOfferToken: offer!['offerToken'] };
  const input = { idempotencyKey: randomUUID(), orders: [order] };
  const first = await world.ask(dispatcher(acme), ORDERS_CREATE, { input });
  const again = await world.ask(dispatcher(acme), ORDERS_CREATE, { input });
  assert.equal(again['ordersCreate'].orders[0].id, first['ordersCreate'].orders[0].id);
  const { orders, userErrors } = await take(world, dispatcher(acme), offer!['offerToken']);
  assert.deepEqual(orders, [null]);
  assert.deepEqual(
    [userErrors[0].code, userErrors[0].path],
    ['INVALID', ['input', 'orders', '0', 'slotOfferToken']],
  );
  assert.match(userErrors[0].message, /was used for another order/);
});

test('batches with the same offers and references, each in another order, wait for each other', async () => {
  const acme = await plannedDay(world, 'Crosswise');
  const [x, y] = (await offers(world, dispatcher(acme))).map(
    ({ offerToken }): string => offerToken,
  );
  const batch = (tokens: (string | undefined)[], references: string[]) => ({
    idempotencyKey: randomUUID(),
    orders: references.map((externalReference, index) => ({
      ...orderInput(3),
      externalReference,
      slotOfferToken: tokens[index],
    })),
  });
  const [held] = await createOrders(world, dispatcher(acme), [
    orderInput(4, { externalReference: 'held' }),
  ]);
  // Whoever wants to be 'M' waits for this.
  await using holder = await openTransaction(
    world,
    `update route.orders set external_reference = 'M' where tracking_number = $1`,
    [held!['trackingNumber']],
  );
  const answers = [
    batch([x, undefined, y], ['A', 'M', 'Z']),
    batch([y, undefined, x], ['B', 'M', 'Y']),
  ].map(async (input) => world.ask(dispatcher(acme), ORDERS_CREATE, { input }));
  await untilWaiting(world, 2);
  await holder.rollBack();
  const created = (await Promise.all(answers)).map(({ ordersCreate: { orders, userErrors } }) => ({
    references: orders.flatMap((order: Answer | null) => order?.['externalReference'] ?? []),
    refused: userErrors.length,
  }));
  assert.deepEqual(
    created.toSorted((a, b) => a.refused - b.refused).map(({ references }) => references.length),
    [3, 0],
  );
});

test('one batch cannot take an offer twice', async () => {
  const acme = await plannedDay(world, 'Batch');
  const [offer] = await offers(world, dispatcher(acme));
  const order = { ...orderInput(3), slotOfferToken: offer!['offerToken'] };
  const input = { idempotencyKey: randomUUID(), orders: [order, order] };
  const { ordersCreate } = await world.ask(dispatcher(acme), ORDERS_CREATE, { input });
  assert.equal(ordersCreate.orders.filter((created: unknown) => created !== null).length, 1);
  assert.equal(ordersCreate.userErrors.length, 1);
});

test('the same parcels in another order are no more than was offered', async () => {
  const acme = await plannedDay(world, 'Sums');
  const parcels = [0.1, 0.2, 0.3].map((weightKg) => ({ reference: `${weightKg} kg`, weightKg }));
  for (const asked of [parcels, parcels.toReversed()]) {
    const [offer] = await offers(world, dispatcher(acme), { parcels: asked });
    const taken = { parcels: asked.toReversed() };
    const { userErrors } = await take(world, dispatcher(acme), offer!['offerToken'], taken);
    assert.deepEqual(userErrors, []);
  }
});

test('an order that is not what the slot was offered for is refused, field by field', async () => {
  const acme = await plannedDay(world, 'Different');
  const [offer] = await offers(world, dispatcher(acme));
  const fields: Record<string, object> = {
    kind: { kind: 'PICKUP' },
    place: { place: orderInput(4)['place'] },
    serviceDate: { serviceDate: '2026-12-02' },
    depotId: { depotId: encodeId('depot', randomUUID()) },
    windows: { windows: [{ start: `${DAY}T09:00:00Z`, end: `${DAY}T11:00:00Z` }] },
    parcels: { parcels: [{ reference: 'P', quantity: 3 }] },
    serviceSeconds: { serviceSeconds: 600 },
    requirements: { requirements: ['TAIL_LIFT'] },
  };
  for (const [field, change] of Object.entries(fields)) {
    const { orders, userErrors } = await take(
      world,
      dispatcher(acme),
      offer!['offerToken'],
      change,
    );
    assert.deepEqual(orders, [null]);
    assert.deepEqual(
      userErrors.map(({ code, path }: Answer) => [code, path]),
      [['INVALID', ['input', 'orders', '0', field]]],
    );
  }
});

test('a forged token, and one of another firm or partner, is no offer', async () => {
  const acme = await plannedDay(world, 'Firm');
  const other = await plannedDay(world, 'Other firm');
  const [offer] = await offers(world, partnerOf(acme, acme.partners[0]));
  const token: string = offer!['offerToken'];
  const forged = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`;
  const attempts: [Identity, string][] = [
    [partnerOf(acme, acme.partners[0]), forged],
    [partnerOf(acme, acme.partners[0]), ''],
    [partnerOf(acme, acme.partners[1]), token],
    [dispatcher(acme), token],
    [dispatcher(other), token],
  ];
  for (const [identity, attempt] of attempts) {
    const { orders, userErrors } = await take(world, identity, attempt);
    assert.deepEqual(orders, [null]);
    assert.deepEqual(userErrors[0].path, ['input', 'orders', '0', 'slotOfferToken']);
    assert.match(userErrors[0].message, /is no offer of ours to you/);
  }
  const { userErrors } = await take(world, partnerOf(acme, acme.partners[0]), token);
  assert.deepEqual(userErrors, []);
});

test('an expired offer is refused with its own words', async () => {
  const acme = await plannedDay(world, 'Expired');
  const context = world.context(dispatcher(acme));
  const [offer] = await offers(world, dispatcher(acme));
  const content = context.offerTokens.open(offer!['offerToken']);
  const token = context.offerTokens.seal({ ...content!, expiresAtMs: Date.now() - 1 });
  const { userErrors } = await take(world, dispatcher(acme), token);
  assert.match(userErrors[0].message, /has expired/);
});
