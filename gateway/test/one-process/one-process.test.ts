import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { testStack } from '@quantumroute/ops/local/testing';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { withClient } from '@quantumroute/ops/local/with-client';
import { testCertificate } from '@quantumroute/ops/test-certificate';
import { askHttp2, http2Client } from '@quantumroute/ops/test-http2';
import type { Client } from 'pg';
import { codeOf } from '../small-graph/ask.ts';
import { overSocket } from '../subscriptions/live-clients.ts';
import { askAs, at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const ACROSS = `{
  vehicles(first: 3) { nodes {
    id
    homeDepot { name plan(date: "${TODAY}") { id status } }
    utilization(period: { from: "${TODAY}", to: "${TODAY}" }) { routes shiftSeconds }
  } }
}`;

describe('subgraphs in the process of the gateway', { timeout: 180_000 }, () => {
  let stack: TestStack;
  before(async () => {
    stack = await testStack({
      env: { IN_PROCESS_SUBGRAPHS: 'fleet,route,report', GATEWAY_DRAIN_MS: '200' },
    });
  });
  after(() => stack.stop());

  const metricOf = async (service: 'fleet' | 'gateway', name: RegExp): Promise<number> => {
    const text = await (await fetch(`${stack.urls[service]}/metrics`)).text();
    const line = text.split('\n').find((each) => !each.startsWith('#') && name.test(each));
    return Number(line?.split(' ').at(-1) ?? 0);
  };

  test('are one process, and each still tells its own health and metrics', async () => {
    const pids = (['gateway', 'fleet', 'route', 'report'] as const).map((name) => stack.pid(name));
    assert.equal(new Set(pids).size, 1);
    assert.notEqual(stack.pid('worker'), stack.pid('gateway'));
    for (const name of ['gateway', 'fleet', 'route', 'report'] as const) {
      assert.equal((await fetch(`${stack.urls[name]}/health/ready`)).status, 200, name);
    }
  });

  test('answer a query across all of them, and what it cost', async () => {
    const answer = await askAs(stack, 'dispatcher', { query: ACROSS });
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
    const nodes = at(answer.data, 'vehicles', 'nodes') as object[];
    assert.equal(nodes.length, 3);
    for (const node of nodes) {
      assert.ok(at(node, 'homeDepot', 'name'));
      assert.notEqual(at(node, 'homeDepot', 'plan'), undefined);
      assert.notEqual(at(node, 'utilization'), undefined);
    }
    const [, fetches = '0'] =
      /fetches;desc="(\d+)"/.exec(answer.headers.get('server-timing') ?? '') ?? [];
    assert.ok(Number(fetches) >= 3);
    assert.match(answer.headers.get('server-timing') ?? '', /sql;desc="[1-9]/);
  });

  test('count what they are asked, as over HTTP', async () => {
    const asked = /^quantumroute_http_seconds_count\{.*route="\/graphql".*status="200"/;
    const before = await metricOf('fleet', asked);
    await dataFor(stack, 'dispatcher', { query: '{ drivers(first: 7) { nodes { id } } }' });
    assert.equal(await metricOf('fleet', asked), before + 1);
  });

  test('change what they are told to, and subscribers hear of it', async () => {
    const depots = await dataFor(stack, 'dispatcher', {
      query: '{ depots(first: 1) { nodes { id } } }',
    });
    const subject = String(at((at(depots, 'depots', 'nodes') as object[])[0], 'id'));
    const query = `mutation { reportRequest(input: { idempotencyKey: "one process", kind: ON_TIME_IN_FULL, subjectId: "${subject}", formats: [CSV], period: { from: "${TODAY}", to: "${TODAY}" } }) { report { id } userErrors { message } } }`;
    const data = await dataFor(stack, 'dispatcher', { query });
    assert.deepEqual(at(data, 'reportRequest', 'userErrors'), []);
    const id = String(at(data, 'reportRequest', 'report', 'id'));
    const watch = overSocket(stack.urls.gateway, {
      query: `subscription { reportUpdated(id: "${id}") { status subject { ... on Depot { name } } artifacts { url } } }`,
      token: tokenOf(stack, 'dispatcher'),
    });
    await watch.ended;
    const last = watch.results.at(-1);
    assert.equal(at(last, 'data', 'reportUpdated', 'status'), 'SUCCEEDED');
    assert.ok(at(last, 'data', 'reportUpdated', 'subject', 'name'));
    const [artifact] = at(last, 'data', 'reportUpdated', 'artifacts') as { url: string }[];
    assert.equal((await fetch(artifact?.url ?? '')).status, 200);
  });

  test('keep tenants apart and mask errors as ever', async () => {
    const mine = await dataFor(stack, 'dispatcher', {
      query: '{ depots(first: 1) { nodes { id } } }',
    });
    const id = String(at((at(mine, 'depots', 'nodes') as object[])[0], 'id'));
    const other = await askAs(stack, 'otherDispatcher', { query: `{ depot(id: "${id}") { id } }` });
    assert.equal(at(other.data, 'depot'), null);
    const query = '{ orders(first: 2, after: "no cursor") { nodes { id } } }';
    assert.equal(codeOf(await askAs(stack, 'dispatcher', { query })), 'BAD_USER_INPUT');
  });

  /** Statements that wait for a lock. */
  const waiting = async (client: Client): Promise<number> => {
    const { rows } = await client.query<{ count: string }>(
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
    );
    return Number(rows[0]?.count);
  };
  const askLocked = () =>
    askAs(stack, 'dispatcher', {
      query: '{ drivers(first: 2) { nodes { id currentShift { id } } } }',
    });

  test('give up at the deadline, and their statement with them', async () => {
    await withClient(stack.databaseUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE fleet.shifts IN ACCESS EXCLUSIVE MODE');
      const { errors } = await askLocked();
      assert.ok(errors && errors.length > 0);
      while ((await waiting(client)) > 0) await sleep(20);
      await client.query('ROLLBACK');
    });
  });

  test('finish what was asked before they stop', async () => {
    const pid = stack.pid('gateway') ?? assert.fail();
    await withClient(stack.databaseUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE fleet.shifts IN ACCESS EXCLUSIVE MODE');
      const asking = askLocked();
      while ((await waiting(client)) === 0) await sleep(5);
      process.kill(pid, 'SIGTERM');
      await sleep(50);
      await client.query('ROLLBACK');
      const { data, errors } = await asking;
      assert.equal(errors, undefined, JSON.stringify(errors));
      assert.equal((at(data, 'drivers', 'nodes') as object[]).length, 2);
    });
    while (stack.pid('gateway') !== undefined) await sleep(20);
    assert.match(stack.log('gateway').join('\n'), /quantumroute has stopped/);
  });
});

describe('one subgraph in the process of the gateway', { timeout: 120_000 }, () => {
  test('and the others beside it answer together, here with TLS and over HTTP/2', async () => {
    await using opened = new AsyncDisposableStack();
    const certificate = await testCertificate();
    opened.defer(certificate.remove);
    const stack = await testStack({
      env: {
        IN_PROCESS_SUBGRAPHS: 'fleet',
        GATEWAY_HTTP2: 'on',
        GATEWAY_TLS_CERT_FILE: certificate.certFile,
        GATEWAY_TLS_KEY_FILE: certificate.keyFile,
      },
    });
    opened.defer(stack.stop);
    assert.equal(stack.pid('fleet'), stack.pid('gateway'));
    assert.notEqual(stack.pid('route'), stack.pid('gateway'));
    const session = http2Client(stack.urls.gateway, certificate.cert);
    opened.defer(() => session.destroy());
    const headers = {
      ':method': 'POST',
      ':path': '/graphql',
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf(stack, 'dispatcher')}`,
    };
    const { text } = await askHttp2(session, headers, JSON.stringify({ query: ACROSS }));
    const { data, errors } = JSON.parse(text) as { data: object; errors?: object[] };
    assert.equal(errors, undefined, text);
    assert.equal((at(data, 'vehicles', 'nodes') as object[]).length, 3);
  });
});
