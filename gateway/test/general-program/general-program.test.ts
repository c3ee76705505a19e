import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createInterface } from 'node:readline';
import { machineEnvironment } from '@quantumroute/ops/local/testing';
import { ask } from '../small-graph/ask.ts';
import { parcelsTypeDefs } from '../small-graph/parcels.ts';
import { smallSupergraph } from '../small-graph/small-graph.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

describe('the program', () => {
  let folder: string;
  let supergraph: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateway-program-'));
    supergraph = join(folder, 'supergraph.graphql');
    await writeFile(supergraph, smallSupergraph());
  });
  after(() => rm(folder, { recursive: true }));

  /** Starts it without any settings of ours, but looking at its supergraph when told to only. */
  const start = (...options: string[]) => {
    const env = { ...machineEnvironment(), GATEWAY_SUPERGRAPH_POLL_MS: '600000' };
    const child = spawn(process.execPath, [MAIN, ...options], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: Record<string, unknown>[] = [];
    const output = createInterface(child.stdout);
    output.on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
    return { child, lines, output };
  };

  test('serves any supergraph with policies off, without settings and Redis, and stops in order', async () => {
    const subgraph = createServer((request, response) => {
      response.setHeader('content-type', 'application/json').end('{"data":{"motto":"any"}}');
      assert.equal(request.headers['x-quantumroute-identity'], undefined);
    });
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
    const { port } = subgraph.address() as AddressInfo;
    const { child, lines, output } = start(
      '--supergraph',
      supergraph,
      '--port',
      '0',
      '--policies',
      'off',
      '--subgraph-url',
      `people=http://127.0.0.1:${port}/graphql`,
    );
    while (!lines.some(({ msg }) => msg === 'gateway is ready')) await once(output, 'line');
    const url = String(lines.find(({ msg }) => msg === 'gateway is ready')?.['url']);
    assert.deepEqual((await ask(url, { query: '{ motto }' })).data, { motto: 'any' });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
    subgraph.close();
  });

  test('looks at its supergraph when it is told to', async () => {
    const { child, lines, output } = start(
      '--supergraph',
      supergraph,
      '--port',
      '0',
      '--policies',
      'off',
    );
    const says = async (text: string) => {
      while (!lines.some(({ msg }) => String(msg).includes(text))) await once(output, 'line');
      return lines.findLast(({ msg }) => String(msg).includes(text));
    };
    const url = String((await says('gateway is ready'))?.['url']);
    const parcels = parcelsTypeDefs.replace('type Query {', 'type Query { parcelCount: Int');
    await writeFile(supergraph, smallSupergraph({ parcels }));
    child.kill('SIGHUP');
    await says('has taken over');
    assert.notEqual((await ask(url, { query: '{ parcelCount }' })).status, 400);
    await writeFile(supergraph, 'broken');
    child.kill('SIGHUP');
    await says('refused');
    assert.notEqual((await ask(url, { query: '{ parcelCount }' })).status, 400);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
    await writeFile(supergraph, smallSupergraph());
  });

  test('names every missing setting at once', async () => {
    const { child, lines } = start();
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 1);
    for (const name of ['REDIS_URL', 'SERVICE_IDENTITY_SECRET', 'JWKS_URL']) {
      assert.match(String(lines.at(-1)?.['msg']), new RegExp(name));
    }
  });
});
