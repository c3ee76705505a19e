import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { createLogger } from '@quantumroute/ops/log';
import pg from 'pg';

import type { DayChanges } from '../storage/stores/change-log.ts';
import { deleteOldChanges } from '../storage/stores/change-log.ts';
import { createOrders, orderInput, publish } from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import { createChangeTail } from './change-tail.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world?.close());

/** What the only listener of a process has heard, and the next of it. */
async function listen(organization: Organization) {
  const { organizationId } = organization;
  const { postgres } = world.context(dispatcher(organization));
  const tail = createChangeTail({
    postgres,
    log: createLogger({ service: 'test', level: 'silent' }),
  });
  const heard: DayChanges[] = [];
  let wake = () => undefined as void;
  const stop = await tail.listen(organizationId, (day) => {
    heard.push(day);
    wake();
  });
  return {
    heard,
    async stop() {
      stop();
      await tail.close();
    },
    async next(): Promise<DayChanges> {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          tail.wake(organizationId);
        });
      }
      return heard.shift() as DayChanges;
    },
  };
}

const kindsOf = ({ changes }: DayChanges) => changes?.map(({ kind }) => kind) ?? null;

test('each transaction tells its changes of a day once, and a new plan as a whole', async () => {
  const acme = await addOrganization(world, { name: 'Told', vans: 1 });
  const log = await listen(acme);
  await createOrders(world, dispatcher(acme), [orderInput(1), orderInput(2)]);
  const created = await log.next();
  assert.equal(created.depotId, acme.depotId);
  assert.deepEqual(kindsOf(created), ['ORDER', 'ORDER']);
  await publish(world, acme);
  const kinds = [];
  for (;;) {
    const kind = kindsOf(await log.next());
    if (kind === null) break;
    kinds.push(...kind);
  }
  assert.ok(kinds.length >= 2 && kinds.every((kind) => kind === 'RUN'), kinds.join());
  await log.stop();
});

test('a transaction of more than fifty changes is told as a whole', async () => {
  const acme = await addOrganization(world, { name: 'Many', vans: 1 });
  const log = await listen(acme);
  const orders = Array.from({ length: 51 }, (_, index) => orderInput(index));
  await createOrders(world, dispatcher(acme), orders);
  assert.equal(kindsOf(await log.next()), null);
  await log.stop();
});

test('what stands behind an open transaction is told at once, and again in its order', async () => {
  const acme = await addOrganization(world, { name: 'Open', vans: 1 });
  const [one, two] = await createOrders(world, dispatcher(acme), [orderInput(1), orderInput(2)]);
  const log = await listen(acme);
  const open = new pg.Client({ connectionString: world.databaseUrl });
  await open.connect();
  const raise = 'update route.orders set version = version + 1 where tracking_number = $1';
  try {
    await open.query('begin');
    await open.query(raise, [one?.['trackingNumber']]);
    await world.sql(raise, [two?.['trackingNumber']]);
    const early = await log.next();
    await open.query('commit');
    const [first, second] = [await log.next(), await log.next()];
    assert.ok(BigInt(first.transactionId) < BigInt(second.transactionId));
    assert.equal(second.transactionId, early.transactionId);
  } finally {
    await open.end();
    await log.stop();
  }
});

test('nobody hears of another organization, nor of what was before he listened', async () => {
  const [acme, other] = [
    await addOrganization(world, { name: 'Mine', vans: 1 }),
    await addOrganization(world, { name: 'Other', vans: 1 }),
  ];
  await createOrders(world, dispatcher(acme), [orderInput(1)]);
  const [mine, theirs] = [await listen(acme), await listen(other)];
  await createOrders(world, dispatcher(other), [orderInput(2)]);
  assert.deepEqual(kindsOf(await theirs.next()), ['ORDER']);
  assert.deepEqual(mine.heard, []);
  await mine.stop();
  await theirs.stop();
});

test('changes are kept for a day, and none of a database that was restored', async () => {
  const acme = await addOrganization(world, { name: 'Kept', vans: 1 });
  await world.sql('delete from route.changes');
  const order = () => createOrders(world, dispatcher(acme), [orderInput(1)]);
  await order();
  await world.sql(`update route.changes set recorded_at = now() - interval '25 hours'`);
  await order();
  await world.sql(
    `update route.changes set transaction_id = (transaction_id::text::bigint + 1e9)::text::xid8
     where recorded_at < now() - interval '1 hour'`,
  );
  await order();
  const { em } = world.context(dispatcher(acme));
  assert.equal(await deleteOldChanges(em, 10), 1);
  assert.equal(await deleteOldChanges(em, 10), 0);
  const left = await world.sql('select from route.changes');
  assert.equal(left.length, 2);
});
