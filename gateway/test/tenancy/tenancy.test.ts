import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testStack } from '@quantumroute/ops/local/testing';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';
import type { IdType } from '@quantumroute/schema/ids';
import { ask } from '../small-graph/ask.ts';
import { overSocket } from '../subscriptions/live-clients.ts';
import { MUTATIONS, PUBLIC_QUERIES, QUERIES } from './questions.ts';
import type { Ids } from './questions.ts';

const ANY_ID = /\b[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g;

describe('two organizations', { timeout: 180_000 }, () => {
  let stack: TestStack;
  let theirs: Ids;
  before(async () => {
    stack = await testStack();
    theirs = await objectsOf('dispatcher');
  });
  after(() => stack.stop());

  const askAs = async (who: string, query: string) => {
    const { header } = stack.credentials[who] ?? assert.fail(`no credential ${who}`);
    const answer = await ask(stack.urls.gateway, {
      query,
      headers: { [header.name]: header.value },
    });
    return {
      data: answer.data,
      errors: answer.errors?.map(({ message, path }) => ({ message, path })),
    };
  };

  /** One object of each type, found as its owner finds it. */
  async function objectsOf(who: string): Promise<Ids> {
    const { data, errors } = await askAs(
      who,
      `{ depots(first: 1) { nodes { id } } vehicles(first: 1) { nodes { id } }
         drivers(first: 1) { nodes { id } }
         orders(first: 1) { nodes { id trackingNumber externalReference serviceDate } } }`,
    );
    assert.equal(errors, undefined);
    const found = data as Record<string, { nodes: Record<string, unknown>[] }>;
    const first = (field: string) => String(found[field]?.nodes[0]?.['id']);
    const order = found['orders']?.nodes[0] ?? assert.fail('no orders');
    const depot = first('depots');
    const date = String(order['serviceDate']);
    const optimized = await askAs(
      who,
      `mutation { planOptimize(input: { idempotencyKey: "run", depotId: "${depot}", date: "${date}", timeLimitSeconds: 1 }) { run { id plan { id } } userErrors { message } } }`,
    );
    const requested = await askAs(
      who,
      `mutation { reportRequest(input: { idempotencyKey: "report", kind: ON_TIME_IN_FULL, period: { from: "${date}", to: "${date}" } }) { report { id } userErrors { message } } }`,
    );
    const run = at(optimized.data, 'planOptimize', 'run') as { id: string; plan: { id: string } };
    const report = at(requested.data, 'reportRequest', 'report') as { id: string };
    return {
      ...(await finishedRoute(who)),
      depot,
      vehicle: first('vehicles'),
      driver: first('drivers'),
      order: String(order['id']),
      plan: run.plan.id,
      run: run.id,
      report: report.id,
      trackingNumber: String(order['trackingNumber']),
      externalReference: String(order['externalReference']),
      date,
    };
  }

  /** The demo's history has routes on every working day. */
  async function finishedRoute(who: string): Promise<Pick<Ids, 'route' | 'stop'>> {
    for (let daysAgo = 1; daysAgo <= 7; daysAgo += 1) {
      const date = new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
      const query = `{ routes(first: 1, filter: { date: "${date}" }) { nodes { id stops(first: 1) { nodes { id } } } } }`;
      const { data } = await askAs(who, query);
      const route = at(data, 'routes', 'nodes', '0', 'id');
      const stop = at(data, 'routes', 'nodes', '0', 'stops', 'nodes', '0', 'id');
      if (typeof route === 'string' && typeof stop === 'string') return { route, stop };
    }
    return assert.fail('no routes in the last seven days');
  }

  const nobodys = (): Ids => ({
    ...theirs,
    ...Object.fromEntries(
      (
        ['depot', 'vehicle', 'driver', 'order', 'route', 'stop', 'plan', 'run', 'report'] as const
      ).map((type) => [type, unknownId(type)]),
    ),
    trackingNumber: 'NOBODYS',
    externalReference: 'nobodys',
  });
  const withoutIds = (answer: unknown) => JSON.stringify(answer).replaceAll(ANY_ID, 'id');
  const theirIds = () =>
    new Set(Object.values(theirs).filter((value) => new RegExp(ANY_ID).test(value)));

  test('every query and mutation has its question', async () => {
    const { data } = await askAs(
      'dispatcher',
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }',
    );
    const names = (type: string) =>
      (at(data, '__schema', type, 'fields') as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(
      new Set(names('queryType')),
      new Set([...Object.keys(QUERIES), ...PUBLIC_QUERIES]),
    );
    // The others act for the driver or partner of the token, or name objects that the rooms test.
    const others = ['driverDutyStatusSet', 'positionsIngest', 'ordersCreate'];
    const driven = ['stopArrive', 'stopComplete', 'stopFail'];
    assert.deepEqual(
      new Set(names('mutationType')),
      new Set([...Object.keys(MUTATIONS), ...others, ...driven]),
    );
  });

  for (const [field, question] of Object.entries(QUERIES)) {
    test(`see nothing of each other in ${field}, not even that it exists`, async () => {
      const own = await askAs('dispatcher', question(theirs));
      assert.equal(own.errors, undefined);
      if (field !== 'me') assert.ok(own.data?.[field], `nothing to hide in ${field}`);
      const foreign = await askAs('otherDispatcher', question(theirs));
      const unknown = await askAs('otherDispatcher', question(nobodys()));
      assert.equal(withoutIds(foreign), withoutIds(unknown));
      const seen = JSON.stringify(foreign).match(ANY_ID) ?? [];
      assert.deepEqual(
        seen.filter((id) => theirIds().has(id)),
        [],
      );
      const again = await askAs('dispatcher', question(theirs));
      assert.deepEqual(Object.keys(again.data ?? {}), Object.keys(own.data ?? {}));
    });
  }

  for (const [field, question] of Object.entries(MUTATIONS)) {
    test(`change nothing of each other by ${field}, and do not learn that it exists`, async () => {
      const foreign = await askAs('otherDispatcher', question(theirs));
      const unknown = await askAs(
        'otherDispatcher',
        question(nobodys()).replace('tenancy', 'other'),
      );
      assert.equal(withoutIds(foreign), withoutIds(unknown));
      assert.match(JSON.stringify(foreign), /NOT_FOUND|INVALID/);
    });
  }

  test('cannot watch each other’s reports', async () => {
    const { value } = stack.credentials['otherDispatcher']?.header ?? assert.fail();
    const token = value.replace('Bearer ', '');
    const seen = await Promise.all(
      [theirs.report, unknownId('report')].map(async (id) => {
        const query = `subscription { reportUpdated(id: "${id}") { id status } }`;
        const watch = overSocket(stack.urls.gateway, { query, token });
        const [first] = await watch.until(1);
        watch.leave();
        return { data: first?.data, message: first?.errors?.[0]?.message };
      }),
    );
    assert.equal(withoutIds(seen[0]), withoutIds(seen[1]));
    assert.ok(!seen[0]?.data);
  });
});

function unknownId(type: IdType): string {
  return encodeId(type, newId());
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inside, name) => (inside as Record<string, unknown> | null | undefined)?.[name],
    value,
  );
}
