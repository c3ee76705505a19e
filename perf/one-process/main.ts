import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { ownStack } from '../own-stack.ts';
import { usageOf } from '../process-usage.ts';

/**
 * `npm run bench:one-process`: what a request costs where the subgraphs are in the gateway's process,
 * beside processes of their own. Both stacks run at once and take turns.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '2000' },
  },
});
const ROUNDS = Number(values.rounds);
const REQUESTS = Number(values.requests);
const AT_A_TIME = 8;

/** One operation that asks all three subgraphs; no two that run at once are equal. */
const TODAY = new Date().toISOString().slice(0, 10);
const QUERY = `query Bench($first: Int!) {
  vehicles(first: $first) { nodes {
    id displayName
    homeDepot { name plan(date: "${TODAY}") { id status } }
    utilization(period: { from: "${TODAY}", to: "${TODAY}" }) { routes shiftSeconds }
  } }
}`;

const SERVICES = ['gateway', 'fleet', 'route', 'report'] as const;
// Each request does its work: no answer comes from a cache.
const ENV = { GATEWAY_CACHE_ENTRY_BYTES: '0', NODE_ENV: 'production', LOG_LEVEL: 'warn' };

type Round = { cpuMs: number; p50Ms: number; p99Ms: number; perSecond: number };

const agent = new Agent({ connections: AT_A_TIME });
await using separate = await ownStack({ env: ENV });
await using together = await ownStack({
  env: { ...ENV, IN_PROCESS_SUBGRAPHS: 'fleet,route,report' },
});
const stacks = { 'four processes': separate, 'one process': together };
const rounds = new Map<string, Round[]>();
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, stack] of Object.entries(stacks)) {
    const measured = await measure(stack);
    // The first one warms up.
    if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), measured]);
  }
}
console.log('                 CPU ms per request   p50 ms   p99 ms   requests/s   memory MB');
for (const [name, stack] of Object.entries(stacks)) {
  const all = rounds.get(name) ?? [];
  const shown = (['cpuMs', 'p50Ms', 'p99Ms', 'perSecond'] as const).map((figure) =>
    median(all.map((each) => each[figure])).toFixed(figure === 'perSecond' ? 0 : 2),
  );
  const memory = processesOf(stack).reduce((sum, pid) => sum + usageOf(pid).rssMb, 0);
  const [cpu = '', p50 = '', p99 = '', perSecond = ''] = shown;
  console.log(
    `${name.padEnd(16)} ${cpu.padStart(18)} ${p50.padStart(8)} ${p99.padStart(8)} ${perSecond.padStart(12)} ${memory.toFixed(0).padStart(11)}`,
  );
}
await agent.close();

async function measure(stack: TestStack): Promise<Round> {
  const pids = processesOf(stack);
  const cpuBefore = cpuOf(pids);
  const startedAt = performance.now();
  const times: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < REQUESTS) {
      next += 1;
      times.push(await ask(stack, 1 + (next % 20)));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
  const seconds = (performance.now() - startedAt) / 1_000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    cpuMs: (cpuOf(pids) - cpuBefore) / REQUESTS,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    perSecond: REQUESTS / seconds,
  };
}

async function ask(stack: TestStack, first: number): Promise<number> {
  const { header } = stack.credentials['dispatcher'] ?? {};
  const startedAt = performance.now();
  const { statusCode, body } = await request(`${stack.urls.gateway}/graphql`, {
    dispatcher: agent,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(header ? { [header.name]: header.value } : {}),
    },
    body: JSON.stringify({ query: QUERY, variables: { first } }),
  });
  const text = await body.text();
  if (statusCode !== 200 || text.includes('"errors"')) throw new Error(`${statusCode} ${text}`);
  return performance.now() - startedAt;
}

function processesOf(stack: TestStack): number[] {
  return [...new Set(SERVICES.flatMap((name) => stack.pid(name) ?? []))];
}

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + usageOf(pid).cpuMs, 0);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
