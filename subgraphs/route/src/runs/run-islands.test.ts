import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { endOfRun } from '../testing/day.ts';
import { dispatcher, openRouteWorld } from '../testing/route-world.ts';
import type { RouteWorld } from '../testing/route-world.ts';
import { busyOrganization, CANCEL_RUN, startRun, untilRunning } from '../testing/runs.ts';

let world: RouteWorld;

before(async () => {
  const env = { ROUTE_PLANNER_THREADS: '2', ROUTE_PLANNER_ISLANDS: '2' };
  world = await openRouteWorld({ leaseMs: 2_000, env });
});
after(() => world.close());

function threadCount(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
}

test('two runs on two islands each take four threads, and leave none behind', async () => {
  const before = threadCount();
  const organizations = [
    await busyOrganization(world, 'First'),
    await busyOrganization(world, 'Second'),
  ];
  const runs = [];
  for (const organization of organizations) {
    const { id } = await startRun(world, organization, { timeLimitSeconds: 60 });
    await untilRunning(world, organization, id);
    runs.push({ id, identity: dispatcher(organization) });
  }
  assert.equal(threadCount() - before, 4);
  for (const { id, identity } of runs) {
    await world.ask(identity, CANCEL_RUN, { id });
    assert.equal((await endOfRun(world, identity, id))['status'], 'CANCELED');
  }
  // One run that is small enough to end by itself.
  const third = await busyOrganization(world, 'Third');
  const { id } = await startRun(world, third, { iterationLimit: 20, timeLimitSeconds: 60 });
  const ended = await endOfRun(world, dispatcher(third), id);
  assert.equal(ended['status'], 'SUCCEEDED', ended['failure']);
  assert.equal(ended['progress'].assigned, 400);
  assert.equal(threadCount(), before);
});

test('a process that comes late to renew a lease goes on, and does not take its own run over', async () => {
  const acme = await busyOrganization(world, 'Late renewal');
  const { id } = await startRun(world, acme, { timeLimitSeconds: 60 });
  await untilRunning(world, acme, id);
  const { queue } = world.context(dispatcher(acme)).runs;
  const attempts = `select attempt from route.optimization_runs where organization_id = $1`;
  await world.sql(
    `update route.optimization_runs set leased_until = now() - interval '1 second'
     where organization_id = $1`,
    [acme.organizationId],
  );
  queue.wake();
  await setTimeout(1_000);
  assert.deepEqual(await world.sql(attempts, [acme.organizationId]), [{ attempt: 1 }]);
  await world.ask(dispatcher(acme), CANCEL_RUN, { id });
});
