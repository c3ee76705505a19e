import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { encodeId } from '@quantumroute/schema/ids';
import type { Identity } from '@quantumroute/ops/identity';
import pg from 'pg';

import { createOrders, dispatchDay, orderInput, ORDERS_CREATE, publish } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

const DAY_MS = 86_400_000;
let world: RouteWorld;

// Windows are offered in days to come.
before(async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.parse(`${DAY}T12:00:00Z`) - 7 * DAY_MS });
  world = await openRouteWorld();
});
after(() => world.close());

const SLOT_OFFERS = `query ($input: SlotOffersInput!) { slotOffers(input: $input) {
  serviceDate window { start end } marginalCost { amount currency } marginalDistanceMeters
  marginalCo2eGrams offerToken expiresAt } }`;

function slotInput(changes: object = {}): Answer {
  const { place, parcels } = orderInput(3);
  return { place, parcels, dates: { from: DAY, to: DAY }, ...changes };
}

async function offers(identity: Identity, changes: object = {}): Promise<Answer[]> {
  const { slotOffers } = await world.ask(identity, SLOT_OFFERS, { input: slotInput(changes) });
  return slotOffers;
}

async function take(identity: Identity, token: string, changes: object = {}): Promise<Answer> {
  const order = { ...orderInput(3), slotOfferToken: token, ...changes };
  const input = { idempotencyKey: randomUUID(), orders: [order] };
  const { ordersCreate } = await world.ask(identity, ORDERS_CREATE, { input });
  return ordersCreate;
}

async function plannedDay(name: string, { vans = 2 } = {}): Promise<Organization> {
  const organization = await addOrganization(world, { name, vans });
  const orders = Array.from({ length: 8 }, (_, index) => orderInput(index));
  await createOrders(world, dispatcher(organization), orders);
  await publish(world, organization);
  return organization;
}

test('windows within the shifts are offered, cheapest first, with what they add', async () => {
  const acme = await plannedDay('Offers');
  const found = await offers(dispatcher(acme));
  assert.deepEqual(
    found.map(({ window }): string => window.start).toSorted((a, b) => a.localeCompare(b)),
    ['07', '09', '11', '13', '15'].map((hour) => `${DAY}T${hour}:00:00.000Z`),
  );
  const costs = found.map(({ marginalCost }) => Number(marginalCost.amount));
  assert.deepEqual(
    costs,
    costs.toSorted((a, b) => a - b),
  );
  for (const offer of found) {
    assert.equal(offer['marginalCost'].currency, 'EUR');
    assert.ok(offer['marginalDistanceMeters'] >= 0);
    assert.ok(offer['marginalCo2eGrams'] >= 0);
    assert.equal(offer['serviceDate'], DAY);
  }
});

test('an offer that is taken is the only requested window, and promised at once', async () => {
  const acme = await plannedDay('Taken');
  const [offer] = await offers(dispatcher(acme), { windowMinutes: 60 });
  const { orders, userErrors } = await take(dispatcher(acme), offer!['offerToken']);
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
  const acme = await plannedDay('Changed');
  const UPDATE = `mutation ($id: ID!, $version: Int!, $input: OrderUpdateInput!) {
    orderUpdate(id: $id, expectedVersion: $version, input: $input) {
      order { version promisedWindow { start } } userErrors { message } } }`;
  for (const [input, isKept] of [
    [{ priority: 90 }, true],
    [{ place: orderInput(5)['place'] }, false],
    [{ windows: [] }, false],
  ] as const) {
    const [offer] = await offers(dispatcher(acme));
    const { orders } = await take(dispatcher(acme), offer!['offerToken']);
    const { id, version } = orders[0];
    const { orderUpdate } = await world.ask(dispatcher(acme), UPDATE, { id, version, input });
    assert.deepEqual(orderUpdate.userErrors, []);
    assert.equal(orderUpdate.order.promisedWindow !== null, isKept);
  }
});

test('an offer can be taken once, and again with the same idempotency key', async () => {
  const acme = await plannedDay('Once');
  const [offer] = await offers(dispatcher(acme));
  const order = { ...orderInput(3), slotOfferToken: offer!['offerToken'] };
  const input = { idempotencyKey: randomUUID(), orders: [order] };
  const first = await world.ask(dispatcher(acme), ORDERS_CREATE, { input });
  const again = await world.ask(dispatcher(acme), ORDERS_CREATE, { input });
  assert.equal(again['ordersCreate'].orders[0].id, first['ordersCreate'].orders[0].id);
  const { orders, userErrors } = await take(dispatcher(acme), offer!['offerToken']);
  assert.deepEqual(orders, [null]);
  assert.deepEqual(
    [userErrors[0].code, userErrors[0].path],
    ['INVALID', ['input', 'orders', '0', 'slotOfferToken']],
  );
  assert.match(userErrors[0].message, /was used for another order/);
});

test('batches with the same offers and references, each in another order, wait for each other', async () => {
  const acme = await plannedDay('Crosswise');
  const [x, y] = (await offers(dispatcher(acme))).map(({ offerToken }): string => offerToken);
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
  await using holder = await transaction(
    `update route.orders set external_reference = 'M' where tracking_number = $1`,
    [held!['trackingNumber']],
  );
  const answers = [
    batch([x, undefined, y], ['A', 'M', 'Z']),
    batch([y, undefined, x], ['B', 'M', 'Y']),
  ].map(async (input) => world.ask(dispatcher(acme), ORDERS_CREATE, { input }));
  await untilWaiting(2);
  await holder.rollback();
  const created = (await Promise.all(answers)).map(({ ordersCreate: { orders, userErrors } }) => ({
    references: orders.flatMap((order: Answer | null) => order?.['externalReference'] ?? []),
    refused: userErrors.length,
  }));
  assert.deepEqual(
    created.toSorted((a, b) => a.refused - b.refused).map(({ references }) => references.length),
    [3, 0],
  );
});

/** Open until it is rolled back. */
async function transaction(statement: string, parameters: unknown[]) {
  const client = new pg.Client(world.databaseUrl);
  await client.connect();
  await client.query('begin');
  await client.query(statement, parameters);
  return {
    rollback: () => client.query('rollback'),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

async function untilWaiting(count: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const waiting = await world.sql(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length === count) return;
    await sleep(20);
  }
  throw new Error(`${count} statements were expected to wait for a lock`);
}

test('one batch cannot take an offer twice', async () => {
  const acme = await plannedDay('Batch');
  const [offer] = await offers(dispatcher(acme));
  const order = { ...orderInput(3), slotOfferToken: offer!['offerToken'] };
  const input = { idempotencyKey: randomUUID(), orders: [order, order] };
  const { ordersCreate } = await world.ask(dispatcher(acme), ORDERS_CREATE, { input });
  assert.equal(ordersCreate.orders.filter((created: unknown) => created !== null).length, 1);
  assert.equal(ordersCreate.userErrors.length, 1);
});

test('the same parcels in another order are no more than was offered', async () => {
  const acme = await plannedDay('Sums');
  const parcels = [0.1, 0.2, 0.3].map((weightKg) => ({ reference: `${weightKg} kg`, weightKg }));
  for (const asked of [parcels, parcels.toReversed()]) {
    const [offer] = await offers(dispatcher(acme), { parcels: asked });
    const taken = { parcels: asked.toReversed() };
    const { userErrors } = await take(dispatcher(acme), offer!['offerToken'], taken);
    assert.deepEqual(userErrors, []);
  }
});

test('an order that is not what the slot was offered for is refused, field by field', async () => {
  const acme = await plannedDay('Different');
  const [offer] = await offers(dispatcher(acme));
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
    const { orders, userErrors } = await take(dispatcher(acme), offer!['offerToken'], change);
    assert.deepEqual(orders, [null]);
    assert.deepEqual(
      userErrors.map(({ code, path }: Answer) => [code, path]),
      [['INVALID', ['input', 'orders', '0', field]]],
    );
  }
});

test('a forged token, and one of another firm or partner, is no offer', async () => {
  const acme = await plannedDay('Firm');
  const other = await plannedDay('Other firm');
  const [offer] = await offers(partnerOf(acme, acme.partners[0]));
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
    const { orders, userErrors } = await take(identity, attempt);
    assert.deepEqual(orders, [null]);
    assert.deepEqual(userErrors[0].path, ['input', 'orders', '0', 'slotOfferToken']);
    assert.match(userErrors[0].message, /is no offer of ours to you/);
  }
  const { userErrors } = await take(partnerOf(acme, acme.partners[0]), token);
  assert.deepEqual(userErrors, []);
});

test('an expired offer is refused with its own words', async () => {
  const acme = await plannedDay('Expired');
  const context = world.context(dispatcher(acme));
  const [offer] = await offers(dispatcher(acme));
  const content = context.offerTokens.open(offer!['offerToken']);
  const token = context.offerTokens.seal({ ...content!, expiresAtMs: Date.now() - 1 });
  const { userErrors } = await take(dispatcher(acme), token);
  assert.match(userErrors[0].message, /has expired/);
});

test('room that is promised to a waiting order is not offered again', async () => {
  const acme = await addOrganization(world, { name: 'Last room', vans: 1 });
  const parcels = [{ reference: 'P', quantity: 1, weightKg: 600 }];
  const [offer] = await offers(dispatcher(acme), { parcels });
  const { userErrors } = await take(dispatcher(acme), offer!['offerToken'], { parcels });
  assert.deepEqual(userErrors, []);
  assert.deepEqual(await offers(dispatcher(acme), { parcels }), []);
  const small = await offers(dispatcher(acme));
  assert.ok(small.length > 0);
});

test('nothing is offered without vehicles, for the past, or beside dispatched routes only', async () => {
  const acme = await plannedDay('Nothing', { vans: 1 });
  for (const dates of [
    { from: '2026-12-02', to: '2026-12-03' },
    { from: '2020-01-01', to: '2020-01-02' },
  ]) {
    assert.deepEqual(await offers(dispatcher(acme), { dates }), []);
  }
  assert.deepEqual(
    await offers(dispatcher(acme), { depotId: encodeId('depot', randomUUID()) }),
    [],
  );
  assert.deepEqual(await offers(dispatcher(acme), { requirements: ['COLD_CHAIN'] }), []);
  assert.ok((await offers(dispatcher(acme))).length > 0);
  await dispatchDay(world, acme);
  assert.deepEqual(await offers(dispatcher(acme)), []);
});

test('an input beyond the bounds is named with its path', async () => {
  const acme = await plannedDay('Bounds');
  const cases: [object, string[]][] = [
    [{ windowMinutes: 5 }, ['input', 'windowMinutes']],
    [{ parcels: [] }, ['input', 'parcels']],
    [{ dates: { from: DAY, to: '2026-12-08' } }, ['input', 'dates']],
    [{ dates: { from: DAY, to: '2026-11-30' } }, ['input', 'dates']],
    [{ serviceSeconds: 1_000_000 }, ['input', 'serviceSeconds']],
  ];
  for (const [changes, path] of cases) {
    const { errors } = await world.run(dispatcher(acme), SLOT_OFFERS, {
      input: slotInput(changes),
    });
    assert.equal(errors[0]?.extensions?.['code'], 'BAD_USER_INPUT');
    assert.deepEqual(errors[0]?.extensions?.['argumentPath'], path);
  }
});
