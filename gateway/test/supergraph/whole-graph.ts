import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { readManifests } from '../../src/admission/manifests.ts';
import { manifestsFolder } from '../../src/supergraph/load-supergraph.ts';
import { overSocket } from '../subscriptions/live-clients.ts';
import { askAs, at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const OWN = fileURLToPath(import.meta.resolve('@quantumroute/schema/supergraph.graphql'));

/** A gateway of its own over the stack, whose supergraph is changed while clients ask. `whole-stack.test.ts` runs it. */
export function changedUnderItsClients(stackOf: () => TestStack): void {
  const name = 'has its supergraph changed under its clients, and none of them notices';
  test(name, { timeout: 120_000 }, async () => {
    await using opened = new AsyncDisposableStack();
    const all = stackOf();
    const folder = await mkdtemp(join(tmpdir(), 'gateway-supergraph-'));
    opened.defer(() => rm(folder, { recursive: true }));
    const file = join(folder, 'supergraph.graphql');
    const text = await readFile(OWN, 'utf8');
    await writeFile(file, text);
    const gateway = await startGateway(file, all);
    opened.defer(gateway.stop);
    const stack = { ...all, urls: { ...all.urls, gateway: gateway.url } };

    const watch = overSocket(stack.urls.gateway, {
      query: 'subscription { reportsUpdated { id status } }',
      token: tokenOf(stack, 'dispatcher'),
      extensions: { cursor: null },
    });
    await watch.until(1);
    let isOver = false;
    const asking = [0, 1].map(async () => {
      while (!isOver) await everybodyAsks(stack);
    });
    for (const round of [1, 2]) {
      await writeFile(file, `${text}\n# ${round}`);
      await gateway.says('has taken over');
    }
    await writeFile(file, text.slice(0, text.length / 2));
    await gateway.says('refused');
    isOver = true;
    await Promise.all(asking);

    const requested = await dataFor(stack, 'dispatcher', {
      query: `mutation { reportRequest(input: { idempotencyKey: "changed", kind: DAILY_OPERATIONS,
        period: { from: "2026-03-01", to: "2026-03-02" } }) { report { id } } }`,
    });
    const id = at(requested, 'reportRequest', 'report', 'id');
    const isDone = () =>
      watch.results.some(
        ({ data }) =>
          at(data, 'reportsUpdated', 'id') === id &&
          at(data, 'reportsUpdated', 'status') === 'SUCCEEDED',
      );
    while (!isDone()) await watch.until(watch.results.length + 1);
    watch.leave();
  });
}

/** A user, a partner by his key, whoever has a link. */
async function everybodyAsks(stack: TestStack): Promise<void> {
  const board = '{ vehicles(first: 3) { nodes { id homeDepot { name } } } viewer { __typename } }';
  await dataFor(stack, 'dispatcher', { query: board });
  const partner = Object.values(stack.credentials).find(({ kind }) => kind === 'partner');
  await dataFor(stack, partner?.id ?? '', { extensions: await registered('PartnerViewer') });
  const strange = await askAs(stack, partner?.id ?? '', { query: '{ viewer { __typename } }' });
  assert.equal(strange.errors?.[0]?.extensions?.['code'], 'PERSISTED_QUERY_REQUIRED');
  assert.equal((await fetch(`${stack.urls.gateway}/track/nobody-has-it`)).status, 404);
  assert.ok((await fetch(`${stack.urls.gateway}/downloads/nothing`)).status < 500);
}

/** An operation of the partner as he names it. */
async function registered(name: string) {
  const documents = (await readManifests(manifestsFolder())).get('partner-harbor') ?? [];
  const [sha256Hash] = [...documents].find(([, body]) => body.includes(`query ${name} `)) ?? [];
  return { persistedQuery: { version: 1, sha256Hash } };
}

/** Another gateway of a stack, with policies on, over the supergraph in a file. */
async function startGateway(file: string, { env }: TestStack) {
  const child = spawn(process.execPath, [MAIN, 'serve', '--supergraph', file, '--port', '0'], {
    env: { ...env, GATEWAY_SUPERGRAPH_POLL_MS: '20' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Record<string, unknown>[] = [];
  const output = createInterface(child.stdout);
  output.on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  /** Waits for a line with these words, and forgets those before. */
  const says = async (words: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = lines.findIndex(({ msg }) => String(msg).includes(words));
      if (found >= 0) return lines.splice(0, found + 1).at(-1) ?? {};
      await once(output, 'line');
    }
  };
  const ready = await says('gateway is ready');
  return {
    url: String(ready['url']),
    says,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
