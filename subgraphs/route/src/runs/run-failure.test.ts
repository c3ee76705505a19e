import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { encodeId } from '@quantumroute/schema/ids';

import {
  createOrders,
  endOfRun,
  optimizeInput,
  orderInput,
  PLAN_OPTIMIZE,
  publish,
} from '../testing/day.ts';
import { addOrganization, DAY } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';
import { insertQueued } from '../testing/runs.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld({ leaseMs: 2_000 });
});
after(() => world.close());

/** Writes a run down that no request would get, and waits for its end. */
async function endOf(
  acme: Organization,
  changes: { algorithm?: string; lockedRouteIds?: string[] },
): Promise<Answer> {
  const id = await insertQueued(world, acme, DAY, changes);
  return endOfRun(world, dispatcher(acme), encodeId('run', id));
}

test('a run for an algorithm that an update has removed says so', async () => {
  const acme = await addOrganization(world, { name: 'Updated' });
  const run = await endOf(acme, { algorithm: 'tea-leaves' });
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /no algorithm tea-leaves any more/);
});

test('a run whose depot is gone says so', async () => {
  const acme = await addOrganization(world, { name: 'Closed depot' });
  await world.sql('delete from fleet_published.depots where id = $1', [acme.depotId]);
  const run = await endOf(acme, {});
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /depot of the plan exists no more/);
});

test('a locked route whose shift is gone by the time of the run fails it, and is not planned over', async () => {
  const acme = await addOrganization(world, { name: 'Locked and lost' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  await publish(world, acme);
  await world.sql(
    'delete from fleet_published.shifts where vehicle_id in (select vehicle_id from route.routes where organization_id = $1)',
    [acme.organizationId],
  );
  const [row] = await world.sql('select id from route.routes where organization_id = $1', [
    acme.organizationId,
  ]);
  const run = await endOf(acme, { lockedRouteIds: [String(row?.['id'])] });
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /locked route cannot stay/);
});

test('a locked route that cannot be driven any more is named by its vehicle', async () => {
  const acme = await addOrganization(world, { name: 'Locked and overloaded' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  const [route] = (await publish(world, acme))['routes'].nodes;
  await world.sql(
    'update fleet_published.vehicles set capacity_weight_kg = 1 where organization_id = $1',
    [acme.organizationId],
  );
  const input = optimizeInput(acme, { lockedRouteIds: [route.id] });
  const { planOptimize } = await world.ask(dispatcher(acme), PLAN_OPTIMIZE, { input });
  const run = await endOfRun(world, dispatcher(acme), planOptimize.run.id);
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], new RegExp(`locked route of ${route.vehicle.displayName} cannot`));
});

test('a problem that is senseless is told with what is wrong in it', async () => {
  const acme = await addOrganization(world, { name: 'No size' });
  await createOrders(world, dispatcher(acme), [orderInput()]);
  await world.sql(
    'update fleet_published.vehicles set capacity_weight_kg = -1 where organization_id = $1',
    [acme.organizationId],
  );
  const run = await endOf(acme, {});
  assert.equal(run['status'], 'FAILED');
  assert.match(run['failure'], /cannot be planned: vehicles\.0\.capacity/);
});
