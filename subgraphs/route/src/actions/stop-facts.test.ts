import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { createOrders, dispatchDay, now, orderInput } from '../testing/day.ts';
import { STOP_ARRIVE, STOP_COMPLETE, STOP_FAIL } from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, driverOf, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

test('without a promise nothing is late: in full is enough', async () => {
  const fact = await factAfter('No window', async (step) => {
    await step(STOP_ARRIVE, now());
    await step(STOP_COMPLETE, now());
  });
  assert.deepEqual(fact, { on_time: null, in_full: 1, otif: 1, first_attempt: 1 });
});

test('an order that came back whole is no success of its first attempt', async () => {
  const fact = await factAfter('Came back', async (step) => {
    await step(STOP_ARRIVE, now());
    await step(STOP_COMPLETE, now({ deliveredParcels: [] }));
  });
  assert.deepEqual(fact, { on_time: null, in_full: 0, otif: 0, first_attempt: 0 });
});

test('a failed visit is no success of its first attempt', async () => {
  const fact = await factAfter('Refused', async (step) => {
    await step(STOP_ARRIVE, now());
    await step(STOP_FAIL, now({ reason: 'REFUSED' }));
  });
  assert.deepEqual(fact, { on_time: null, in_full: 0, otif: 0, first_attempt: 0 });
});

type Step = (mutation: string, input: Answer) => Promise<void>;

/** The figures of the one stop of a day with one order, which asks for no window. */
async function factAfter(name: string, visit: (step: Step) => Promise<void>): Promise<Answer> {
  const acme = await addOrganization(world, { name, vans: 1 });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const plan = await dispatchDay(world, acme);
  const [stop] = plan['routes'].nodes[0].stops.nodes;
  await visit(stepsAt(acme, stop.id));
  const [fact] = await world.sql(
    `select on_time, orders_in_full as in_full, orders_otif as otif,
       orders_first_attempt as first_attempt
     from route_published.stop_facts where organization_id = $1`,
    [acme.organizationId],
  );
  return fact ?? {};
}

function stepsAt(acme: Organization, stopId: string): Step {
  return async (mutation, input) => {
    const driver = driverOf(acme, acme.crews[0]!.driverId);
    const { payload } = await world.ask(driver, mutation, { id: stopId, input });
    assert.deepEqual(payload.userErrors, []);
  };
}
