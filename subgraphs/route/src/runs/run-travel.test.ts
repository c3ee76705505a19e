import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startRouter } from '../road-data/testing/router-stand-in.ts';
import type { RouterStandIn } from '../road-data/testing/router-stand-in.ts';
import {
  createOrders,
  endOfRun,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
  PLAN_PUBLISH,
  publish,
} from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let router: RouterStandIn;
let world: RouteWorld;

before(async () => {
  router = await startRouter();
  world = await openRouteWorld({
    env: { ROUTE_ROAD_PROVIDER: 'valhalla', ROUTE_ROAD_URL: router.url },
  });
});
after(async () => {
  await world.close();
  await router.close();
});

test('a run plans by road, and says so of its legs', async () => {
  const legs = await legsOfRun('By road');
  assert.ok(legs.length > 0);
  for (const leg of legs) assert.equal(leg['isEstimated'], false);
  assert.ok(router.questions.some(({ path }) => path === '/sources_to_targets'));
});

test('a locked route that today’s figures make impossible stays as it was planned', async () => {
  const refused = { status: 400, text: '{"error_code":170}' };
  const locked = async (name: string, change: (acme: Organization) => unknown) => {
    router.fault = refused;
    const acme = await addOrganization(world, { name, vans: 2 });
    await createOrders(world, dispatcher(acme), [orderInput(0), orderInput(1)]);
    const [route] = (await publish(world, acme))['routes'].nodes;
    await createOrders(world, dispatcher(acme), [orderInput(2)]);
    await change(acme);
    const input = optimizeInput(acme, { lockedRouteIds: [route.id] });
    const { planOptimize } = await world.ask(dispatcher(acme), PLAN_OPTIMIZE, { input });
    const run = await endOfRun(world, dispatcher(acme), planOptimize.run.id);
    assert.equal(run['status'], 'SUCCEEDED', run['failure']);
    const { plan, id: runId } = run;
    const variables = { planId: plan.id, version: plan.version, runId };
    const { planPublish } = await world.ask(dispatcher(acme), PLAN_PUBLISH, variables);
    const kept = planPublish.plan.routes.nodes.find(({ id }: Answer) => id === route.id);
    assert.deepEqual(kept?.stops, route.stops);
  };
  await locked('No way', () => {
    router.fault = null;
    router.world.isReachable = () => false;
  });
  router.world.isReachable = () => true;
  await locked('Farther', (acme) =>
    world.sql('update fleet_published.depots set latitude = 58 where organization_id = $1', [
      acme.organizationId,
    ]),
  );
  await locked('Late', (acme) =>
    world.sql(
      `update route.orders set promised_start = null, promised_end = null, requested_windows =
         '[{"start":"2026-12-01T00:00:00Z","end":"2026-12-01T00:01:00Z"}]'
       where organization_id = $1 and stop_id is not null`,
      [acme.organizationId],
    ),
  );
  router.fault = null;
});

test('a run whose router fails plans by the straight line', async () => {
  router.fault = { status: 500, text: 'no' };
  const legs = await legsOfRun('By air');
  assert.ok(legs.length > 0);
  for (const leg of legs) assert.equal(leg['isEstimated'], true);
});

async function legsOfRun(name: string): Promise<Answer[]> {
  const organization = await addOrganization(world, { name, vans: 2 });
  const user = dispatcher(organization);
  const orders = Array.from({ length: 6 }, (_, index) => orderInput(index));
  await createOrders(world, user, orders);
  const input = optimizeInput(organization, { timeLimitSeconds: 1 });
  const { planOptimize } = await world.ask(user, PLAN_OPTIMIZE, { input });
  const run = await endOfRun(world, user, planOptimize.run.id);
  assert.equal(run['status'], 'SUCCEEDED');
  const [row] = (await world.sql(
    'select proposal from route.optimization_runs where organization_id = $1',
    [organization.organizationId],
  )) as [Answer];
  const { routes } = row['proposal'];
  return routes.flatMap(({ stops }: Answer) => stops.map(({ leg }: Answer) => leg));
}
