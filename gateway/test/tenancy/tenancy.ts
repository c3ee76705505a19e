import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';
import type { IdType } from '@quantumroute/schema/ids';
import { ask } from '../small-graph/ask.ts';
import { overSocket } from '../subscriptions/live-clients.ts';
import { at, tokenOf } from '../whole-stack/ask-as.ts';
import type { Mint } from '../whole-stack/mint-for.ts';
import {
  MUTATIONS,
  OF_THE_TOKEN,
  PUBLIC_QUERIES,
  QUERIES,
  SENDERS,
  SUBSCRIPTIONS_ASKED,
  SUBSCRIPTIONS_TO_OWN,
  setDutyStatus,
} from './questions.ts';
import type { Ids } from './questions.ts';

const ANY_ID = /\b[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g;

/** Everything that two organizations must not see of each other. `whole-stack.test.ts` runs it. */
export function twoOrganizations(given: () => { stack: TestStack; mint: Mint }): void {
  describe('two organizations', { timeout: 180_000 }, () => {
    let stack: TestStack;
    let theirs: Ids;
    /** Headers of callers that the demo does not have. */
    const minted = new Map<string, Record<string, string>>();
    before(async () => {
      const { mint } = given();
      ({ stack } = given());
      await mintOthers(mint);
      theirs = await objectsOf('dispatcher');
    });

    const askAs = async (who: string, query: string) => {
      const { header } = stack.credentials[who] ?? {};
      const headers = header ? { [header.name]: header.value } : minted.get(who);
      assert.ok(headers, `no credential ${who}`);
      const answer = await ask(stack.urls.gateway, { query, headers });
      return {
        data: answer.data,
        errors: answer.errors?.map(({ message, path }) => ({ message, path })),
      };
    };

    /** A driver and a tracker of the other organization, and drivers who are not of their own. */
    async function mintOthers(mint: Mint): Promise<void> {
      const mine = '{ viewer { organization { id } } drivers(first: 1) { nodes { id } } }';
      const { data: own } = await askAs('dispatcher', mine);
      const { data: other } = await askAs('otherDispatcher', mine);
      const org = at(other, 'viewer', 'organization', 'id');
      const claims = { sub: 'usr_other', org, scope: 'driver:self telemetry:write' };
      const driverOf = (data: unknown) => at(data, 'drivers', 'nodes', '0', 'id');
      for (const [who, driver] of [
        ['otherDriver', driverOf(other)],
        ['otherTracker', undefined],
        ['driverOfAnother', driverOf(own)],
        ['driverOfNobody', unknownId('driver')],
      ] as const) {
        const token = await mint({ ...claims, ...(driver === undefined ? {} : { driver }) });
        minted.set(who, { authorization: `Bearer ${token}` });
      }
      const token = await mint({ ...claims, org: at(own, 'viewer', 'organization', 'id') });
      minted.set('ownTracker', { authorization: `Bearer ${token}` });
    }

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
      const scheduled = await askAs(
        who,
        `mutation { reportScheduleCreate(input: { idempotencyKey: "schedule", name: "x", kind: ON_TIME_IN_FULL, period: PREVIOUS_DAY, rrule: "FREQ=DAILY", timeZone: "UTC" }) { schedule { id } userErrors { message } } }`,
      );
      const drafted = await askAs(
        who,
        `mutation { experimentCreate(input: { idempotencyKey: "experiment", key: "shadow", hypothesis: "x", unit: SHADOW, variants: [{ key: "a", algorithm: "sisr", isControl: true }, { key: "b", algorithm: "sisr" }] }) { experiment { id } userErrors { message } } }`,
      );
      return {
        ...(await finishedRoute(who)),
        depot,
        vehicle: first('vehicles'),
        driver: first('drivers'),
        order: String(order['id']),
        plan: run.plan.id,
        run: run.id,
        report: report.id,
        schedule: String(at(scheduled.data, 'reportScheduleCreate', 'schedule', 'id')),
        experiment: String(at(drafted.data, 'experimentCreate', 'experiment', 'id')),
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
          [
            'depot',
            'vehicle',
            'driver',
            'order',
            'route',
            'stop',
            'plan',
            'run',
            'experiment',
            'report',
            'schedule',
          ] as const
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
        '{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }',
      );
      const names = (type: string) =>
        (at(data, '__schema', type, 'fields') as { name: string }[]).map(({ name }) => name);
      assert.deepEqual(
        new Set(names('queryType')),
        new Set([...Object.keys(QUERIES), ...PUBLIC_QUERIES]),
      );
      assert.deepEqual(
        new Set(names('mutationType')),
        new Set([...Object.keys(MUTATIONS), OF_THE_TOKEN]),
      );
      assert.deepEqual(
        new Set(names('subscriptionType')),
        new Set([...SUBSCRIPTIONS_ASKED, ...SUBSCRIPTIONS_TO_OWN]),
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
        const sender = SENDERS[field] ?? 'otherDispatcher';
        const foreign = await askAs(sender, question(theirs));
        const unknown = await askAs(sender, question(nobodys()).replace('tenancy', 'other'));
        assert.equal(withoutIds(foreign), withoutIds(unknown));
        assert.match(JSON.stringify(foreign), /NOT_FOUND/);
      });
    }

    test('do not change the duty of each other’s drivers, whatever a token says', async () => {
      const dutyOf = () => askAs('dispatcher', '{ drivers(first: 1) { nodes { id dutyStatus } } }');
      const before = await dutyOf();
      const foreign = await askAs('driverOfAnother', setDutyStatus('of another'));
      const unknown = await askAs('driverOfNobody', setDutyStatus('of nobody'));
      assert.deepEqual(foreign, unknown);
      assert.match(JSON.stringify(foreign), /driver has a duty status/);
      assert.deepEqual(await dutyOf(), before);
    });

    for (const [type, field] of [
      ['report', 'reportUpdated'],
      ['run', 'optimizationRunUpdated'],
    ] as const) {
      test(`cannot watch each other’s objects by ${field}`, async () => {
        const token = tokenOf(stack, 'otherDispatcher');
        const seen = await Promise.all(
          [theirs[type], unknownId(type)].map(async (id) => {
            const query = `subscription { ${field}(id: "${id}") { id status } }`;
            const watch = overSocket(stack.urls.gateway, { query, token });
            const [first] = await watch.until(1);
            watch.leave();
            return { data: first?.data, message: first?.errors?.[0]?.message };
          }),
        );
        assert.equal(withoutIds(seen[0]), withoutIds(seen[1]));
        assert.ok(!seen[0]?.data);
      });
    }

    test('see their own reports only in the feed of all', async () => {
      const query = 'subscription { reportsUpdated { id status } }';
      const feeds = ['dispatcher', 'otherDispatcher'].map((who) =>
        overSocket(stack.urls.gateway, { query, token: tokenOf(stack, who) }),
      );
      await feedsAreOpen(feeds.length, 'report', 'reportsUpdated');
      const requests = ['dispatcher', 'otherDispatcher'].map(async (who) => {
        const asked = await askAs(
          who,
          `mutation { reportRequest(input: { idempotencyKey: "feed", kind: DAILY_OPERATIONS, period: { from: "${theirs.date}", to: "${theirs.date}" } }) { report { id } userErrors { message } } }`,
        );
        return at(asked.data, 'reportRequest', 'report', 'id');
      });
      const own = await Promise.all(requests);
      for (const [index, feed] of feeds.entries()) {
        const isLast = () => at(feed.results.at(-1), 'data', 'reportsUpdated', 'status');
        while (isLast() !== 'SUCCEEDED') await feed.until(feed.results.length + 1);
        const ids = feed.results.map((result) => at(result, 'data', 'reportsUpdated', 'id'));
        assert.deepEqual(new Set(ids), new Set([own[index]]));
        feed.leave();
      }
    });

    test('see the same of each other’s boards as of one that does not exist', async () => {
      const board = (depot: string, who: string) => {
        const query = `subscription { boardUpdated(depotId: "${depot}", date: "${theirs.date}") { reload change { __typename } } }`;
        return overSocket(stack.urls.gateway, { query, token: tokenOf(stack, who) });
      };
      const own = board(theirs.depot, 'dispatcher');
      const others = [theirs.depot, unknownId('depot')].map((id) => board(id, 'otherDispatcher'));
      await Promise.all([own, ...others].map((watch) => watch.until(1)));
      const create = MUTATIONS['ordersCreate'] ?? assert.fail();
      const { data } = await askAs('dispatcher', create(theirs).replace('tenancy', 'board'));
      assert.deepEqual(at(data, 'ordersCreate', 'userErrors'), []);
      const told = (await own.until(2))[1];
      assert.equal(at(told, 'data', 'boardUpdated', 'change', '__typename'), 'Order');
      // Their cursors differ, as those of any two subscriptions do.
      const [seen, ofNothing] = others.map(({ results }) => results.map(({ data }) => data));
      assert.deepEqual(seen, ofNothing);
      assert.equal(seen?.length, 1);
      for (const watch of [own, ...others]) watch.leave();
    });

    test('hear of alerts of their own vehicles only', async () => {
      const query = 'subscription { vehicleAlerts { vehicle { id } } }';
      const watches = ['dispatcher', 'otherDispatcher'].map((who) =>
        overSocket(stack.urls.gateway, { query, token: tokenOf(stack, who) }),
      );
      await feedsAreOpen(watches.length, 'fleet', 'vehicleAlerts');
      const { data } = await askAs('otherDispatcher', '{ vehicles(first: 1) { nodes { id } } }');
      const vehicles = [theirs.vehicle, String(at(data, 'vehicles', 'nodes', '0', 'id'))];
      const recordedAt = new Date(Date.now() + 60_000).toISOString();
      for (const [index, who] of ['ownTracker', 'otherTracker'].entries()) {
        const low = `mutation { positionsIngest(input: { vehicleId: "${vehicles[index]}", positions: [{ point: { latitude: 41.9, longitude: -87.7 }, recordedAt: "${recordedAt}", energyLevelRatio: 0.01 }] }) { accepted } }`;
        const answer = await askAs(who, low);
        assert.equal(at(answer.data, 'positionsIngest', 'accepted'), 1);
      }
      for (const [index, feed] of watches.entries()) {
        const [first] = await feed.until(1);
        assert.equal(at(first, 'data', 'vehicleAlerts', 'vehicle', 'id'), vehicles[index]);
        assert.equal(feed.results.length, 1);
        feed.leave();
      }
    });

    test('have no route of each other’s drivers, whatever a token says', async () => {
      const query = 'subscription { myRouteUpdated { id } }';
      const headers = [minted.get('driverOfAnother'), minted.get('driverOfNobody')];
      const watches = headers.map((header) => {
        const token = header?.['authorization']?.replace('Bearer ', '') ?? '';
        return overSocket(stack.urls.gateway, { query, token });
      });
      const own = overSocket(stack.urls.gateway, {
        query,
        token: tokenOf(stack, 'otherDispatcher'),
      });
      const [refused] = await own.until(1);
      assert.match(JSON.stringify(refused), /FORBIDDEN/);
      for (const watch of watches) {
        assert.deepEqual(watch.results, []);
        watch.leave();
      }
    });

    test('see their own vehicles only on the map', async () => {
      const map = (filter: string) => {
        const query = `subscription { vehiclePositions(filter: { ${filter} }, intervalSeconds: 1) { vehicles { id } } }`;
        return overSocket(stack.urls.gateway, { query, token: tokenOf(stack, 'otherDispatcher') });
      };
      const everything = map('');
      const silent = [theirs.depot, unknownId('depot')].map((id) => map(`depotId: "${id}"`));
      const { data } = await askAs('otherDispatcher', '{ vehicles(first: 1) { nodes { id } } }');
      const vehicle = String(at(data, 'vehicles', 'nodes', '0', 'id'));
      const seen = new Set<unknown>();
      const report = MUTATIONS['positionsIngest'] ?? assert.fail();
      for (let frames = 1; !seen.has(vehicle); frames += 1) {
        for (const [who, moved] of [
          ['ownTracker', theirs.vehicle],
          ['otherTracker', vehicle],
        ] as const) {
          const answer = await askAs(who, report({ ...theirs, vehicle: moved }));
          assert.deepEqual(at(answer.data, 'positionsIngest', 'userErrors'), []);
        }
        const result = (await everything.until(frames))[frames - 1];
        const vehicles = at(result, 'data', 'vehiclePositions', 'vehicles') as { id: string }[];
        for (const { id } of vehicles) seen.add(id);
      }
      assert.ok(!seen.has(theirs.vehicle));
      for (const watch of silent) assert.deepEqual(watch.results, []);
      for (const watch of [everything, ...silent]) watch.leave();
    });

    async function feedsAreOpen(
      count: number,
      subgraph: 'fleet' | 'report',
      field: string,
    ): Promise<void> {
      const open = new RegExp(`quantumroute_open_subscriptions\\{field="${field}".*\\} (\\d+)`);
      for (;;) {
        const metrics = await (await fetch(`${stack.urls[subgraph]}/metrics`)).text();
        if (Number(open.exec(metrics)?.[1] ?? 0) >= count) return;
      }
    }
  });
}

function unknownId(type: IdType): string {
  return encodeId(type, newId());
}
