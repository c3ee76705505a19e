import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../small-graph/ask.ts';
import { smallSupergraph } from '../small-graph/small-graph.ts';
import { startChangingGraph } from './changing-graph.ts';
import type { ChangingGraph } from './changing-graph.ts';

const FIRST = smallSupergraph();

describe('the subgraphs of a supergraph that is changed', { timeout: 60_000 }, () => {
  let graph: ChangingGraph;
  before(async () => {
    graph = await startChangingGraph();
  });
  after(() => graph.close());

  const breakerOf = (subgraph: string) =>
    graph.valueOf('quantumroute_subgraph_breaker_state', { subgraph });

  test('are connected when they come, kept while they stay, and let go when they leave', async () => {
    const weather = await startWeather();
    const withWeather = smallSupergraph({ others: [weather] });
    await graph.change(withWeather);
    const sky = () => ask(graph.url, { query: '{ sky }' });
    assert.deepEqual((await sky()).data, { sky: 'blue' });
    assert.equal(weather.connections.size, 1);
    const [connection] = weather.connections;
    await graph.change(`${withWeather}\n# still there`);
    assert.deepEqual((await sky()).data, { sky: 'blue' });
    assert.deepEqual([...weather.connections], [connection]);
    await graph.change(FIRST);
    while (weather.connections.size > 0) await sleep(5);
    assert.equal((await sky()).status, 400);
    await weather.close();
  });

  test('that are left alone are left alone under the next one too', async () => {
    const away = await startWeather();
    const text = smallSupergraph({ others: [away] });
    await graph.change(text);
    await away.close();
    while ((await breakerOf('weather')) !== 2) {
      assert.deepEqual((await ask(graph.url, { query: '{ sky }' })).data, { sky: null });
    }
    await graph.change(`${text}\n# once more`);
    assert.notEqual(await breakerOf('weather'), 0);
    await graph.change(FIRST);
  });

  test('finish what was asked before they left', async () => {
    const go = Promise.withResolvers<void>();
    const slow = await startWeather(go.promise);
    await graph.change(smallSupergraph({ others: [slow] }));
    const answer = ask(graph.url, { query: '{ sky }' });
    while (slow.connections.size === 0) await sleep(5);
    await graph.change(FIRST);
    go.resolve();
    assert.deepEqual((await answer).data, { sky: 'blue' });
    while (slow.connections.size > 0) await sleep(5);
    await slow.close();
  });
});

/** A subgraph that knows the colour of the sky, as soon as it is allowed to say so. */
async function startWeather(allowed: Promise<void> = Promise.resolve()) {
  const connections = new Set<Socket>();
  const server = createServer(async (_request, response) => {
    await allowed;
    response.setHeader('content-type', 'application/json').end('{"data":{"sky":"blue"}}');
  });
  // Longer than the gateway keeps what it has no use for.
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name: 'weather',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    sdl: 'type Query { sky: String }',
    connections,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
