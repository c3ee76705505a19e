import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

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
