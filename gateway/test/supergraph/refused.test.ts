import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { compose } from '@quantumroute/schema/contract/composition';
import { hashOf } from '../../src/supergraph/supergraph.ts';
import { ask } from '../small-graph/ask.ts';
import { peopleTypeDefs } from '../small-graph/people.ts';
import { smallSupergraph } from '../small-graph/small-graph.ts';
import { startChangingGraph } from './changing-graph.ts';
import type { ChangingGraph } from './changing-graph.ts';

const FIRST = smallSupergraph();
const RELOADS = 'quantumroute_supergraph_reloads_total';

describe('a broken supergraph', { timeout: 60_000 }, () => {
  let graph: ChangingGraph;
  before(async () => {
    graph = await startChangingGraph();
  });
  after(() => graph.close());

  const works = async () => (await ask(graph.url, { query: '{ motto }' })).status === 200;
  const refusals = () => graph.valueOf(RELOADS, { outcome: 'refused' });

  for (const [what, text] of Object.entries({
    'that is no GraphQL': 'not { a supergraph',
    'that is cut off': FIRST.slice(0, FIRST.length / 2),
    'that is an ordinary schema': 'type Query { motto: String }',
    'that refers to a type it lacks': FIRST.replaceAll('type Parcel\n', 'type Package\n'),
    'of a version that nobody knows': FIRST.replace('/join/v0.5', '/join/v9.9'),
    'of a subgraph with an impossible address': smallSupergraph({
      others: [{ name: 'lost', url: 'nowhere at all', sdl: 'type Query { lost: Int }' }],
    }),
    'without a subgraph that the settings name': peopleAlone(),
  })) {
    test(`${what} never takes over, and is told of once`, async () => {
      const before = await refusals();
      const { length } = graph.logLines;
      await graph.write(text);
      while ((await refusals()) === before) {
        assert.ok(await works());
        await sleep(5);
      }
      await sleep(100);
      assert.ok(await works());
      assert.equal(await refusals(), before + 1);
      const told = graph.logLines.slice(length).filter(({ msg }) => /refused/.test(String(msg)));
      assert.equal(told.length, 1);
      assert.equal(told[0]?.['serving'], hashOf(FIRST));
      await graph.serves(FIRST);
    });
  }

  test('is forgotten when a good one comes, or the one before comes back', async () => {
    const taken = await graph.valueOf(RELOADS, { outcome: 'taken' });
    await graph.write('broken');
    await graph.change(`${FIRST}\n# good again`);
    assert.equal(await graph.valueOf(RELOADS, { outcome: 'taken' }), taken + 1);
    await graph.change(FIRST);
  });

  test('that is gone counts as unreadable, and the one before stays', async () => {
    await rm(graph.file);
    while ((await graph.valueOf(RELOADS, { outcome: 'unreadable' })) === 0) await sleep(5);
    await sleep(50);
    assert.ok(await works());
    assert.equal(await graph.valueOf(RELOADS, { outcome: 'unreadable' }), 1);
    await graph.change(`${FIRST}\n# there again`);
  });
});

/** The gateway of the tests is given addresses for both. */
function peopleAlone(): string {
  const url = 'http://127.0.0.1:1/graphql';
  const composition = compose([{ name: 'people', url, sdl: peopleTypeDefs }]);
  assert.ok(composition.kind === 'composed');
  return composition.supergraphSdl;
}
