import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { GraphQLSchema } from 'graphql';
import { ask } from '../small-graph/ask.ts';
import { smallSupergraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';
import { overEventStream, overSocket } from '../subscriptions/live-clients.ts';
import type { Watch } from '../subscriptions/live-clients.ts';
import { startChangingGraph } from './changing-graph.ts';

const ONE = 'subscription { parcelWatched(id: "x") { status recipient { name } } }';

test(
  'nothing of a supergraph stays when another has taken over, whoever watched',
  { timeout: 120_000 },
  async () => {
    const first = smallSupergraph();
    const graph = await startChangingGraph({ first });
    const token = await graph.tokens.user(ORGANIZATIONS[0].id, 'parcels');
    const watches: Watch[] = [];
    /** Whoever comes meanwhile stays to the end. */
    const useIt = async (round: number) => {
      for (const transport of [overSocket, overEventStream]) {
        watches.push(transport(graph.url, { query: ONE, token }));
      }
      await Promise.all(watches.map((watch) => watch.until(1)));
      await ask(graph.url, { query: `{ a${round}: motto parcels { recipient { name } } }` });
      const expected = watches.map((watch) => watch.results.length + 1);
      graph.parcels.move('x', `${round}`);
      await Promise.all(watches.map((watch, index) => watch.until(expected[index] ?? 0)));
    };
    await useIt(0);
    const before = schemas();
    for (let round = 1; round <= 5; round += 1) {
      await graph.change(`${first}\n# ${round}`);
      await useIt(round);
    }
    // The one before may have a moment longer to live.
    while (schemas() > before) await sleep(100);
    for (const watch of watches) watch.leave();
    await graph.close();
  },
);

/** Schemas that are alive, of which each engine has some. It collects garbage before it counts. */
function schemas(): number {
  return queryObjects(GraphQLSchema, { format: 'count' });
}
