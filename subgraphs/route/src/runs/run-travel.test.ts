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
} from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
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
