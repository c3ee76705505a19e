import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { decodeId } from '@quantumroute/schema/ids';

import { createOrders, optimize, orderInput, PLAN_PUBLISH } from '../testing/day.ts';
import { startExperiment } from '../testing/experiment.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import { shadowsToQueue } from '../storage/stores/shadow-writes.ts';

let world: RouteWorld;

before(async () => {
  world = await openRouteWorld();
});
after(() => world.close());

test('a day of which a part is dispatched already is not shadowed', async () => {
  const tyrell = await organizationWith('Tyrell');
  await startExperiment(world, tyrell, { unit: 'SHADOW' });
  const run = await optimize(world, tyrell);
  const variables = { planId: run['plan'].id, version: run['plan'].version, runId: run['id'] };
  await world.ask(dispatcher(tyrell), PLAN_PUBLISH, variables);
  await world.sql(
    `update route.routes set status = 'DISPATCHED', dispatched_at = now() where organization_id = $1`,
    [tyrell.organizationId],
  );
  await createOrders(world, dispatcher(tyrell), [orderInput(5)]);
  const later = await optimize(world, tyrell);
  const { em } = world.context(dispatcher(tyrell));
  assert.equal((await shadowsToQueue(em, decodeId('run', run['id']) ?? '')).length, 0);
  assert.equal((await shadowsToQueue(em, decodeId('run', later['id']) ?? '')).length, 0);
});

test('a run that keeps something, or was ended early, is not shadowed', async () => {
  const nakatomi = await organizationWith('Nakatomi');
  await startExperiment(world, nakatomi, { unit: 'SHADOW' });
  const run = await optimize(world, nakatomi);
  const { em } = world.context(dispatcher(nakatomi));
  const shadowsAfter = async (changes: string) => {
    await world.sql(`update route.optimization_runs set ${changes} where organization_id = $1`, [
      nakatomi.organizationId,
    ]);
    return (await shadowsToQueue(em, decodeId('run', run['id']) ?? '')).length;
  };
  assert.equal(await shadowsAfter(`mode = 'FULL'`), 1);
  assert.equal(await shadowsAfter(`mode = 'INSERT'`), 0);
  assert.equal(await shadowsAfter(`mode = 'FULL', finish_requested = true`), 0);
  assert.equal(await shadowsAfter(`finish_requested = false, locked_route_ids = array[id]`), 0);
});

async function organizationWith(name: string): Promise<Organization> {
  const organization = await addOrganization(world, { name, vans: 2 });
  await createOrders(world, dispatcher(organization), [orderInput(0)]);
  return organization;
}
