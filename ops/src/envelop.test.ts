import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { buildSchema } from 'graphql';
import { createEnvelopBridge, schemaEngine } from './envelop.ts';
import type { EnvelopBridgeOptions } from './envelop.ts';
import { createMetrics } from './metrics.ts';

/** A started server over the bridge, which notes the phases that Apollo ran itself. */
async function serverWith(options: Partial<EnvelopBridgeOptions> = {}) {
  const metrics = createMetrics('kit');
  const ownPhases: string[] = [];
  const bridge = createEnvelopBridge({ metrics, ...options });
  const apollo = bridge.apolloFor(schemaEngine(buildSchema('type Query { hello: String }')));
  const server = new ApolloServer({
    ...apollo,
    stopOnTerminationSignals: false,
    plugins: [
      ...apollo.plugins,
      {
        requestDidStart: async () => ({
          parsingDidStart: async () => void ownPhases.push('parse'),
          validationDidStart: async () => void ownPhases.push('validate'),
        }),
      },
    ],
  });
  await server.start();
  const ask = async (query: string, operationName?: string) => {
    const { body, http } = await server.executeOperation({
      query,
      ...(operationName ? { operationName } : {}),
    });
    assert.ok(body.kind === 'single');
    const code = body.singleResult.errors?.[0]?.extensions?.['code'];
    return { data: body.singleResult.data, code, status: http.status };
  };
  const counted = async (name: string) => {
    const text = await metrics.registry.metrics();
    return text.split('\n').filter((line) => line.startsWith(`${name}{`));
  };
  return { server, ask, counted, ownPhases };
}

test('Apollo leaves parsing and validating of good documents to Envelop', async () => {
  const { server, ask, counted, ownPhases } = await serverWith();
  for (let round = 0; round < 3; round += 1) {
    assert.deepEqual({ ...(await ask('{ hello }')).data }, { hello: null });
  }
  assert.deepEqual(ownPhases, []);
  for (const phase of ['parse', 'validate', 'context', 'execute']) {
    const [line] = await counted(`graphql_envelop_phase_${phase}_count`);
    assert.match(line ?? '', / 3$/, phase);
  }
  assert.match((await counted('graphql_envelop_schema_change'))[0] ?? '', / 1$/);
  await server.stop();
});

test('Apollo words the refusal of bad documents, again and again', async () => {
  const { server, ask, counted } = await serverWith();
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await ask('{'), {
      data: undefined,
      code: 'GRAPHQL_PARSE_FAILED',
      status: 400,
    });
    assert.equal((await ask('{ nothing }')).code, 'GRAPHQL_VALIDATION_FAILED');
    assert.equal((await ask('query A { hello }', 'B')).code, 'OPERATION_RESOLUTION_FAILURE');
  }
  const errors = await counted('graphql_envelop_error_result');
  assert.ok(errors.some((line) => line.includes('phase="validate"') && line.endsWith(' 2')));
  await server.stop();
});

test('only known operations become labels', async () => {
  const { server, ask, counted } = await serverWith({ knownOperations: new Set(['Board']) });
  await ask('query Board { hello }');
  for (let index = 0; index < 50; index += 1) await ask(`query Made${index}Up { hello }`);
  await ask('fragment F on Query { hello } query Board { ...F }');
  const labels = (await counted('graphql_envelop_request')).map(
    (line) => /operationName="(\w+)"/.exec(line)?.[1],
  );
  assert.deepEqual(new Set(labels), new Set(['Board', 'other']));
  await server.stop();
});

test('a schema can be hidden and documents bounded', async () => {
  const { server, ask } = await serverWith({ introspection: false, maxTokens: 20 });
  assert.equal(
    (await ask('{ __schema { queryType { name } } }')).code,
    'GRAPHQL_VALIDATION_FAILED',
  );
  assert.equal((await ask('{ hello __typename }')).status, undefined);
  const long = `{ ${'hello '.repeat(30)} }`;
  assert.equal((await ask(long)).code, 'GRAPHQL_PARSE_FAILED');
  await server.stop();
});
