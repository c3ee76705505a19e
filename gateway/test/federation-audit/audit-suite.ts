import { compose } from '@quantumroute/schema/contract/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, validate } from 'graphql';
import { isDeepStrictEqual } from 'node:util';
import { fromByteText, toByteText } from '../../src/byte-text.ts';
import { createExecutor } from '../../src/execution/executor.ts';
import type { Executor } from '../../src/execution/executor.ts';
import type { AuditCase, AuditSuite } from './suite-kit.ts';

/** What is asked of the subgraphs for one operation, and what they say. */
type Calls = string[];

/** Runs the cases of a suite; gives null for each that passes, and what is wrong with the others. */
export async function auditSuite({ subgraphs, cases }: AuditSuite): Promise<(string | null)[]> {
  const url = 'http://127.0.0.1:1/graphql';
  const composition = compose(
    subgraphs.map(({ name, typeDefs }) => ({ name, url, sdl: typeDefs })),
  );
  if (composition.kind === 'refused') return [composition.errors.join('\n')];
  const schemas = new Map(
    subgraphs.map(({ name, typeDefs, resolvers }) => [
      name,
      buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }]),
    ]),
  );
  const executor = createExecutor<Calls>({
    supergraphSdl: composition.supergraphSdl,
    async ask({ subgraph, body }, calls) {
      const text = fromByteText(body);
      const { query, variables } = JSON.parse(text) as {
        query: string;
        variables: Record<string, unknown>;
      };
      const schema = schemas.get(subgraph);
      if (!schema) throw new Error(`There is no subgraph ${subgraph}`);
      const contextValue = { env: {} };
      const result = await graphql({
        schema,
        source: query,
        variableValues: variables,
        contextValue,
      });
      const answer = JSON.stringify(result);
      calls.push(`${subgraph} <- ${text}`, `${subgraph} -> ${answer}`);
      return { kind: 'text', text: toByteText(answer) };
    },
  });
  const results: (string | null)[] = [];
  for (const one of cases) results.push(await auditCase(one, executor));
  return results;
}

async function auditCase(
  { query, expected }: AuditCase,
  executor: Executor<Calls>,
): Promise<string | null> {
  const calls: Calls = [];
  const { data, errors } = await answerTo(query, executor, calls);
  const { errors: hasErrors = errors.length > 0 } = expected;
  const wanted: unknown = JSON.parse(JSON.stringify(expected.data ?? null));
  if (isDeepStrictEqual(data, wanted) && hasErrors === errors.length > 0) return null;
  return [
    query,
    `expected ${JSON.stringify(expected)}`,
    `actual   ${JSON.stringify({ data, errors })}`,
    ...calls,
  ].join('\n');
}

/** An operation that is invalid, or cannot be planned, has errors and no data. */
async function answerTo(
  query: string,
  executor: Executor<Calls>,
  calls: Calls,
): Promise<{ data: unknown; errors: readonly { message: string }[] }> {
  const document = parse(query);
  const invalid = validate(executor.apiSchema, document);
  if (invalid.length > 0) return { data: null, errors: invalid };
  const operation = { document, operationName: null, variables: {}, queryHash: query };
  try {
    const { data, errors } = await executor.execute(operation, calls);
    const text = typeof data === 'string' ? fromByteText(data) : 'null';
    return { data: JSON.parse(text), errors };
  } catch (error) {
    return { data: null, errors: [error as Error] };
  }
}
