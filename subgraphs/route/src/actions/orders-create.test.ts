import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';

import { createOrders, orderInput, ORDERS_CREATE } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { openTransaction, untilWaiting } from '../testing/open-transaction.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
let acme: Organization;

before(async () => {
  world = await openRouteWorld();
  acme = await addOrganization(world, { name: 'Acme' });
});
after(() => world.close());

async function create(input: object, identity = dispatcher(acme)): Promise<Answer> {
  const { ordersCreate } = await world.ask(identity, ORDERS_CREATE, { input });
  return ordersCreate;
}

test('an order is accepted with defaults, the sum of its parcels and the nearest depot', async () => {
  const parcels = [
    { reference: 'A', quantity: 2, weightKg: 3, volumeM3: 0.5 },
    { reference: 'B', weightKg: 1.5, volumeM3: 0.25 },
  ];
  const [order] = await createOrders(world, dispatcher(acme), [orderInput(0, { parcels })]);
  assert.equal(order?.['status'], 'ACCEPTED');
  assert.equal(order['version'], 1);
  assert.equal(order['priority'], 50);
  assert.deepEqual(order['load'], { weightKg: 7.5, volumeM3: 1.25, parcels: 3 });
  assert.equal(order['depot'].id, encodeId('depot', acme.depotId));
  assert.equal(order['partner'], null);
  assert.match(order['trackingNumber'], /^QR[0-9A-Z]{12}$/);
  assert.match(order['trackingUrl'], /^https:\/\/track\.example\/track\/[\w-]{32}$/);
});

test('the partner of an order is who created it', async () => {
  const [partner] = acme.partners;
  const [order] = await createOrders(world, partnerOf(acme, partner), [orderInput()]);
  assert.equal(order?.['partner'].id, encodeId('partner', partner));
});

test('each order stands alone: the good ones are created beside the bad ones', async () => {
  const { orders, userErrors } = await create({
    idempotencyKey: 'mixed',
    orders: [
      orderInput(0),
      orderInput(1, { priority: 101, parcels: [] }),
      orderInput(2, { depotId: encodeId('partner', acme.partners[0]) }),
      orderInput(3, { windows: [{ start: `${DAY}T22:00:00Z`, end: `${DAY}T23:30:00Z` }] }),
      orderInput(4, { windows: [{ start: `${DAY}T10:00:00Z`, end: `${DAY}T09:00:00Z` }] }),
      orderInput(5),
    ],
  });
  assert.deepEqual(
    orders.map((order: Answer | null) => order?.['status'] ?? null),
    ['ACCEPTED', null, null, null, null, 'ACCEPTED'],
  );
  assert.deepEqual(userErrors.map(({ code, path }: Answer) => [code, path.join('.')]).sort(), [
    ['INVALID', 'input.orders.1.parcels'],
    ['INVALID', 'input.orders.1.priority'],
    ['INVALID', 'input.orders.3.windows.0'],
    ['INVALID', 'input.orders.4.windows.0'],
    ['NOT_FOUND', 'input.orders.2.depotId'],
  ]);
});

test('the service date is the day in the time zone of the depot', async () => {
  const windows = [{ start: '2026-11-30T23:00:00Z', end: `${DAY}T23:00:00Z` }];
  const [order] = await createOrders(world, dispatcher(acme), [orderInput(0, { windows })]);
  assert.equal(order?.['status'], 'ACCEPTED');
});

test('text that cannot be stored and points that are nowhere are refused with their path', async () => {
  const { place } = orderInput();
  const { userErrors } = await create({
    idempotencyKey: 'nonsense',
    orders: [
      orderInput(0, { externalReference: 'a\0b' }),
      orderInput(1, { place: { ...place, name: 'half \ud800' } }),
      orderInput(2, { place: { ...place, point: { latitude: 91, longitude: 0 } } }),
      orderInput(3, { place: { ...place, countryCode: 'de' } }),
      orderInput(4, { requirements: [''] }),
    ],
  });
  assert.deepEqual(
    userErrors.map(({ path }: Answer) => path.join('.')),
    [
      'input.orders.0.externalReference',
      'input.orders.1.place.name',
      'input.orders.2.place.point.latitude',
      'input.orders.3.place.countryCode',
      'input.orders.4.requirements.0',
    ],
  );
});

test('an external reference is used once per partner', async () => {
  const [first, second] = acme.partners;
  const input = orderInput(0, { externalReference: 'PO-1' });
  await createOrders(world, partnerOf(acme, first), [input]);
  await createOrders(world, partnerOf(acme, second), [input]);
  const identity = partnerOf(acme, first);
  const again = await create({ idempotencyKey: 'again', orders: [input, orderInput(1)] }, identity);
  assert.equal(again['orders'][0], null);
  assert.equal(again['orders'][1].status, 'ACCEPTED');
  assert.deepEqual(again['userErrors'][0].path, ['input', 'orders', '0', 'externalReference']);
  const twice = orderInput(0, { externalReference: 'PO-2' });
  const both = await create({ idempotencyKey: 'twice', orders: [twice, twice] }, identity);
  assert.deepEqual(
    both['orders'].map((order: Answer | null) => order?.['externalReference'] ?? null),
    ['PO-2', null],
  );
});

test('two batches with the same references in other orders both get their answer', async () => {
  const [holder] = await createOrders(world, dispatcher(acme), [orderInput()]);
  const orders = ['A', 'B', 'C'].map((externalReference) => orderInput(0, { externalReference }));
  // Both batches are half way when they find that somebody else may have used B.
  const sql = `update route.orders set external_reference = 'B' where tracking_number = $1`;
  await using somebody = await openTransaction(world, sql, [holder?.['trackingNumber']]);
  const answers = Promise.all([
    create({ idempotencyKey: 'forwards', orders }),
    create({ idempotencyKey: 'backwards', orders: orders.toReversed() }),
  ]);
  await untilWaiting(world, 2);
  await somebody.rollBack();
  const created = (await answers).flatMap((answer) => answer['orders'].filter(Boolean));
  assert.equal(created.length, orders.length);
});

test('an order that would make the whole day impossible to plan is refused', async () => {
  const freight = ['A', 'B'].map((reference) => ({ reference, quantity: 6, weightKg: 100_000 }));
  const { userErrors } = await create({
    idempotencyKey: 'too heavy',
    orders: [orderInput(0, { parcels: freight })],
  });
  assert.deepEqual(userErrors[0].path, ['input', 'orders', '0', 'parcels']);
});

test('the same key and body give the first orders again, another body is refused', async () => {
  const input = {
    idempotencyKey: 'replayed',
    orders: [orderInput(), orderInput(1, { priority: -1 })],
  };
  const first = await create(input);
  assert.deepEqual(await create(input), first);
  const reused = await create({ ...input, orders: [orderInput(9)] });
  assert.deepEqual(reused['orders'], []);
  assert.equal(reused['userErrors'][0].code, 'IDEMPOTENCY_KEY_REUSED');
  assert.deepEqual(reused['userErrors'][0].path, ['input', 'idempotencyKey']);
});

test('none and more than 500 orders, and a key that is no key, are refused as a whole', async () => {
  const none = await create({ idempotencyKey: 'none', orders: [] });
  assert.deepEqual(none['userErrors'][0].path, ['input', 'orders']);
  const many = Array.from({ length: 501 }, (_, index) => orderInput(index));
  const tooMany = await create({ idempotencyKey: 'many', orders: many });
  assert.deepEqual(tooMany['userErrors'][0].path, ['input', 'orders']);
  const keyless = await create({ idempotencyKey: '', orders: [orderInput()] });
  assert.equal(keyless['userErrors'][0].code, 'INVALID');
  assert.deepEqual(keyless['userErrors'][0].path, ['input', 'idempotencyKey']);
});

test('a large batch takes as many statements as a small one', async () => {
  const statements = async (count: number) => {
    const orders = Array.from({ length: count }, (_, index) => orderInput(index));
    const input = { idempotencyKey: `batch of ${count}`, orders };
    return (await world.run(dispatcher(acme), ORDERS_CREATE, { input })).statements;
  };
  assert.equal(await statements(10), await statements(500));
});

test('who may only read cannot create', async () => {
  const reader = { ...dispatcher(acme), scopes: ['orders:read'] };
  const input = { idempotencyKey: 'reader', orders: [orderInput()] };
  const { errors } = await world.run(reader, ORDERS_CREATE, { input });
  assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
});
