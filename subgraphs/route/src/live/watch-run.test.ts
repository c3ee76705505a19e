import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { testRedis } from '@quantumroute/ops/local/testing';
import type { TestRedis } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';

import { writeProgress } from '../storage/stores/run-leases.ts';
import { createOrders, optimizeInput, orderInput, PLAN_OPTIMIZE } from '../testing/day.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
let redis: TestRedis;

before(async () => {
  redis = await testRedis();
  world = await openRouteWorld({ redisUrl: redis.url });
});
after(async () => {
  await world?.close();
  await redis?.stop();
});

const WATCH = `subscription ($id: ID!) { optimizationRunUpdated(id: $id) { id status
  progress { elapsedSeconds bestCost assigned unassigned improvements { elapsedSeconds cost } }
  proposal { unassignedCount } diff { newlyAssigned costDelta { amount currency } } } }`;

type Stream = AsyncIterator<Answer>;

async function watch(identity: Identity, id: string): Promise<Stream> {
  return world.watch(identity, WATCH, { id });
}

async function frame(stream: Stream): Promise<Answer> {
  const { value, done } = await stream.next();
  assert.ok(!done && value.errors === undefined, JSON.stringify(value));
  return value['data'].optimizationRunUpdated;
}

async function framesToTheEnd(stream: Stream): Promise<{ frame: Answer; atMs: number }[]> {
  const frames = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return frames;
    frames.push({ frame: value['data'].optimizationRunUpdated, atMs: performance.now() });
  }
}

async function startRun(organization: Organization, changes = {}): Promise<string> {
  const input = optimizeInput(organization, changes);
  const { planOptimize } = await world.ask(dispatcher(organization), PLAN_OPTIMIZE, { input });
  assert.deepEqual(planOptimize.userErrors, []);
  return planOptimize.run.id;
}

async function busyOrganization(name: string): Promise<Organization> {
  const organization = await addOrganization(world, { name, vans: 12 });
  const orders = Array.from({ length: 400 }, (_, index) => orderInput(index));
  await createOrders(world, dispatcher(organization), orders);
  return organization;
}

/** A run that some other process computes, and that this test writes for. */
async function runElsewhere({ organizationId, depotId }: Organization): Promise<string> {
  const [id, planId] = [newId(), newId()];
  await world.sql(
    `insert into route.plans (id, organization_id, depot_id, service_date)
     values ($1, $2, $3, '2026-12-01')`,
    [planId, organizationId, depotId],
  );
  await world.sql(
    `insert into route.optimization_runs (id, organization_id, plan_id, plan_version, status,
       algorithm, seed, time_limit_seconds, requested_by, started_at, attempt, leased_until)
     values ($1, $2, $3, 1, 'RUNNING', 'none', 1, 60, 'test', now(), 1, now() + interval '1 hour')`,
    [id, organizationId, planId],
  );
  return id;
}

test('a watcher gets the present state, at most two a second on the way, and the end', async () => {
  const acme = await busyOrganization('Watched');
  const id = await startRun(acme, { timeLimitSeconds: 3, iterationLimit: null });
  const frames = await framesToTheEnd(await watch(dispatcher(acme), id));
  assert.ok(frames.length >= 2, `${frames.length} frames`);
  const tookMs = frames.at(-1)!.atMs - frames[0]!.atMs;
  // A busy machine may be late with the first one.
  assert.ok(frames.length - 1 <= tookMs / 500 + 1, `${frames.length} frames in ${tookMs} ms`);
  const last = frames.at(-1)!.frame;
  assert.equal(last['status'], 'SUCCEEDED');
  assert.equal(last['progress'].assigned, 400);
  assert.ok(last['progress'].bestCost > 0);
  assert.deepEqual(last['diff'].newlyAssigned, 400);
  assert.equal(last['proposal'].unassignedCount, 0);
  const running = frames.filter((each) => each.frame['status'] === 'RUNNING');
  assert.ok(running.length > 0);
  assert.ok(running.every((each) => each.frame['proposal'] === null));
});

test('a watcher who comes after the end gets one state and the end', async () => {
  const acme = await addOrganization(world, { name: 'Late watcher' });
  const id = await startRun(acme);
  await framesToTheEnd(await watch(dispatcher(acme), id));
  const again = await framesToTheEnd(await watch(dispatcher(acme), id));
  assert.deepEqual(
    again.map(({ frame: { status } }) => status),
    ['SUCCEEDED'],
  );
});

test('progress of another process is seen, also when Redis was away meanwhile', async () => {
  const acme = await addOrganization(world, { name: 'Elsewhere' });
  const runId = await runElsewhere(acme);
  const stream = await watch(dispatcher(acme), encodeId('run', runId));
  assert.equal((await frame(stream))['progress'].bestCost, null);
  const other = await world.openRuns();
  const progress = async (bestCost: number) => {
    const figures = { elapsedSeconds: 1, bestCost, assigned: 1, unassigned: 0 };
    const improvements = [{ elapsedSeconds: 1, cost: bestCost }];
    const { em } = world.context(dispatcher(acme));
    const hold = { id: runId, attempt: 1 };
    const event = await writeProgress(em, hold, { ...figures, improvements });
    assert.ok(event !== null);
    await other.publish(event);
  };
  await progress(90);
  const seen = await frame(stream);
  assert.equal(seen['progress'].bestCost, 90);
  assert.deepEqual(seen['progress'].improvements, [{ elapsedSeconds: 1, cost: 90 }]);
  await redis.kill();
  await progress(80);
  await redis.start();
  assert.equal((await frame(stream))['progress'].bestCost, 80);
  await stream.return?.();
});

test('a watcher who leaves while nothing happens is let go at once', async () => {
  const acme = await addOrganization(world, { name: 'Leaver' });
  const stream = await watch(dispatcher(acme), encodeId('run', await runElsewhere(acme)));
  await frame(stream);
  const waiting = stream.next();
  await stream.return?.();
  assert.equal((await waiting).done, true);
});

test('nobody else can watch a run: no other organization, no partner', async () => {
  const [acme, other] = [
    await addOrganization(world, { name: 'Private' }),
    await addOrganization(world, { name: 'Curious' }),
  ];
  const id = encodeId('run', await runElsewhere(acme));
  const scopes = dispatcher(acme).scopes;
  const partner = { ...partnerOf(acme, acme.partners[0]), scopes };
  for (const [identity, asked] of [
    [dispatcher(other), id],
    [partner, id],
    [dispatcher(acme), encodeId('run', newId())],
    [dispatcher(acme), 'nonsense'],
  ] as const) {
    const { value } = await (await watch(identity, asked)).next();
    assert.match(JSON.stringify(value), /NOT_FOUND/);
  }
});
