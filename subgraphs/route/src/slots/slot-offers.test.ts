import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';

import { dispatchDay } from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import {
  holdClockBeforeDay,
  offers,
  plannedDay,
  SLOT_OFFERS,
  slotInput,
  take,
} from '../testing/slot-offers.ts';

let world: RouteWorld;

before(async () => {
  holdClockBeforeDay();
  world = await openRouteWorld();
});
after(() => world.close());

test('windows within the shifts are offered, cheapest first, with what they add', async () => {
  const acme = await plannedDay(world, 'Offers');
  const found = await offers(world, dispatcher(acme));
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

test('room that is promised to a waiting order is not offered again', async () => {
  const acme = await addOrganization(world, { name: 'Last room', vans: 1 });
  const parcels = [{ reference: 'P', quantity: 1, weightKg: 600 }];
  const [offer] = await offers(world, dispatcher(acme), { parcels });
  const { userErrors } = await take(world, dispatcher(acme), offer!['offerToken'], { parcels });
  assert.deepEqual(userErrors, []);
  assert.deepEqual(await offers(world, dispatcher(acme), { parcels }), []);
  const small = await offers(world, dispatcher(acme));
  assert.ok(small.length > 0);
});

test('nothing is offered without vehicles, for the past, or beside dispatched routes only', async () => {
  const acme = await plannedDay(world, 'Nothing', { vans: 1 });
  for (const dates of [
    { from: '2026-12-02', to: '2026-12-03' },
    { from: '2020-01-01', to: '2020-01-02' },
  ]) {
    assert.deepEqual(await offers(world, dispatcher(acme), { dates }), []);
  }
  assert.deepEqual(
    await offers(world, dispatcher(acme), { depotId: encodeId('depot', randomUUID()) }),
    [],
  );
  assert.deepEqual(await offers(world, dispatcher(acme), { requirements: ['COLD_CHAIN'] }), []);
  assert.ok((await offers(world, dispatcher(acme))).length > 0);
  await dispatchDay(world, acme);
  assert.deepEqual(await offers(world, dispatcher(acme)), []);
});

test('an input beyond the bounds is named with its path', async () => {
  const acme = await plannedDay(world, 'Bounds');
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
