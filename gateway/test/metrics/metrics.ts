import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { overSocket } from '../subscriptions/live-clients.ts';
import { askAs, at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';

type Service = 'gateway' | 'fleet' | 'route' | 'report' | 'worker';
type Sample = { name: string; labels: Record<string, string>; value: number };

const PHASES = ['parse', 'validate', 'context', 'execute'].map(
  (phase) => `graphql_envelop_phase_${phase}_count`,
);
const OPERATIONS = [
  'graphql_envelop_request',
  'graphql_envelop_request_duration_count',
  ...PHASES,
  'quantumroute_http_seconds_count',
];
const SUBGRAPH = [
  ...OPERATIONS,
  'graphql_envelop_execute_resolver_count',
  'quantumroute_sql_seconds_count',
  'quantumroute_loader_batch_size_count',
];

/** What each service tells Prometheus. `whole-stack.test.ts` runs it. */
export function metricsOfEveryService(stackOf: () => TestStack): void {
  describe('the metrics of', { timeout: 120_000 }, () => {
    let stack: TestStack;
    before(async () => {
      stack = stackOf();
      await useEverything();
    });

    const samplesOf = async (service: Service): Promise<Sample[]> => {
      const answer = await fetch(`${stack.urls[service]}/metrics`);
      assert.equal(answer.status, 200);
      return (await answer.text()).split('\n').flatMap(sampleIn);
    };

    /** Lists with references, a miss and a hit of the cache, a mutation, a report and who watches it. */
    async function useEverything(): Promise<void> {
      const query = `query MetricsLists {
        vehicles(first: 5) { nodes { id homeDepot { name } currentDriver { displayName } } }
        orders(first: 5) { nodes { id depot { name } partner { name } events(first: 2) { nodes { type } } } }
        reports(first: 5) { nodes { id subject { __typename } artifacts { format } } }
      }`;
      const depots = '{ depots(first: 3) { nodes { id name } } }';
      for (let count = 0; count < 2; count += 1)
        await dataFor(stack, 'dispatcher', { query: depots });
      const requested = await dataFor(stack, 'dispatcher', {
        query: `mutation { reportRequest(input: { idempotencyKey: "metrics", kind: DAILY_OPERATIONS, period: { from: "2026-01-01", to: "2026-01-02" } }) { report { id } userErrors { message } } }`,
      });
      const id = String(at(requested, 'reportRequest', 'report', 'id'));
      const watch = overSocket(stack.urls.gateway, {
        query: `subscription { reportUpdated(id: "${id}") { status } }`,
        token: tokenOf(stack, 'dispatcher'),
      });
      await watch.ended;
      assert.equal(at(watch.results.at(-1), 'data', 'reportUpdated', 'status'), 'SUCCEEDED');
      await dataFor(stack, 'dispatcher', { query });
    }

    const EXPECTED: Record<Service, string[]> = {
      gateway: [...OPERATIONS, 'graphql_envelop_phase_subscribe_count'],
      fleet: SUBGRAPH,
      route: SUBGRAPH,
      report: [...SUBGRAPH, 'graphql_envelop_phase_subscribe_count'],
      worker: ['quantumroute_sql_seconds_count', 'quantumroute_http_seconds_count'],
    };
    for (const [service, names] of Object.entries(EXPECTED)) {
      test(`${service} count and time what it does`, async () => {
        const samples = await samplesOf(service as Service);
        const total = (name: string) =>
          samples
            .filter((sample) => sample.name === name)
            .reduce((sum, { value }) => sum + value, 0);
        assert.deepEqual(
          names.filter((name) => total(name) === 0),
          [],
        );
        for (const { labels } of samples) assert.equal(labels['service'], serviceName(service));
      });
    }

    test('the gateway tell hits and misses of its caches', async () => {
      const samples = await samplesOf('gateway');
      const outcomes = samples
        .filter(({ name }) => name === 'quantumroute_cache_requests_total')
        .map(({ labels: { cache, outcome } }) => `${cache} ${outcome}`);
      for (const outcome of ['response hit', 'response miss']) {
        assert.ok(outcomes.includes(outcome), `${outcome} of ${outcomes.join()}`);
      }
    });

    test('the worker tell the length of its queue', async () => {
      const samples = await samplesOf('worker');
      const states = samples
        .filter(({ name }) => name === 'quantumroute_queue_length')
        .map(({ labels: { queue, state } }) => `${queue} ${state}`);
      assert.ok(states.length > 0, 'no queue');
    });

    test('the gateway and its source tell open subscriptions', async () => {
      const watch = overSocket(stack.urls.gateway, {
        query: 'subscription { reportsUpdated { id } }',
        token: tokenOf(stack, 'dispatcher'),
      });
      const open = async (service: Service) =>
        (await samplesOf(service)).find(
          ({ name, labels }) =>
            name === 'quantumroute_open_subscriptions' && labels['field'] === 'reportsUpdated',
        )?.value;
      for (const expected of [1, 0]) {
        for (const service of ['gateway', 'report'] as const) {
          while ((await open(service)) !== expected) await sleep(20);
        }
        watch.leave();
      }
    });

    test('all keep their labels, whatever names clients invent', async () => {
      const services = Object.keys(EXPECTED) as Service[];
      const seriesOf = async () =>
        Object.fromEntries(
          await Promise.all(
            services.map(async (service) => [
              service,
              new Set((await samplesOf(service)).map(keyOf)),
            ]),
          ),
        ) as Record<Service, Set<string>>;
      const inventive = (index: number) =>
        askAs(stack, 'dispatcher', {
          query: `query Invented${index} { alias${index}: vehicles(first: 1) { nodes { id homeDepot { name } } } bad${index}: vehicle(id: "x${index}") { id } }`,
          headers: { 'x-request-id': `invented-${index}` },
        });
      const failing = (index: number) =>
        askAs(stack, 'dispatcher', { query: `query Wrong${index} { nothing${index} }` });
      await Promise.all([inventive(0), failing(0)]);
      await fetch(`${stack.urls.gateway}/invented/0`);
      const before = await seriesOf();
      for (let start = 1; start <= 200; start += 20) {
        const indexes = Array.from({ length: 20 }, (_, index) => start + index);
        await Promise.all(indexes.map(inventive));
        await Promise.all(indexes.slice(0, 5).map(failing));
        await fetch(`${stack.urls.gateway}/invented/${start}`);
      }
      const after = await seriesOf();
      for (const service of services) {
        const invented = [...after[service]].filter((key) => /invented|alias|wrong\d/i.test(key));
        assert.deepEqual(invented, []);
        const added = [...after[service]].filter((key) => !before[service].has(key));
        // A background job or a garbage collection may have been seen for the first time.
        assert.ok(added.length < 40, `${service}: ${added.slice(0, 5).join('\n')}`);
      }
    });
  });
}

/** The processes of the report service have one name between them. */
function serviceName(service: string): string {
  return service === 'worker' ? 'report-worker' : service;
}

function sampleIn(line: string): Sample[] {
  const [, name, labelText = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) return [];
  const labels = [...labelText.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [
    key,
    text,
  ]);
  return [
    { name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) },
  ];
}

function keyOf({ name, labels }: Sample): string {
  return `${name} ${JSON.stringify(labels)}`;
}
