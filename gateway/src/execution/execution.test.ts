import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@quantumroute/ops/log';
import { compose } from '@quantumroute/schema/contract/composition';
import { parse } from 'graphql';
import { readSupergraph } from '../supergraph/supergraph.ts';
import { createExecution } from './execution.ts';

const { signal } = new AbortController();

/** Plans over a supergraph of one subgraph, which answers nothing. */
function executionOf(sdl: string) {
  const composition = compose([{ name: 'one', url: 'http://127.0.0.1:1/graphql', sdl }]);
  assert.ok(composition.kind === 'composed');
  return createExecution({
    supergraph: readSupergraph(composition.supergraphSdl),
    ask: async () => ({ kind: 'fault', fault: 'unreachable' }),
    maxOperations: 10,
    log: createLogger({ service: 'test', level: 'silent' }),
  });
}

test('what was in use is compiled for another supergraph, as far as it fits', async () => {
  const before = executionOf('type Query { stays: Int leaves: Int }');
  for (const source of ['{ stays }', '{ leaves }', 'query($b: Boolean!) { stays @skip(if: $b) }']) {
    const document = parse(source);
    const rest = { document, operationName: null, queryHash: source };
    await before.execute({ source, variables: { b: false }, ...rest }, {});
  }
  const next = executionOf('type Query { stays: Int comes: Int }');
  await next.warm(before.recent(), signal);
  assert.deepEqual(
    next.recent().map(({ of, variables }) => [of.queryHash, variables]),
    [
      ['{ stays }', {}],
      ['query($b: Boolean!) { stays @skip(if: $b) }', { b: false }],
    ],
  );
});
