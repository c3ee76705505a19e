import { compose } from '@quantumroute/schema/contract/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, validate } from 'graphql';
import type { FormattedExecutionResult } from 'graphql';
import { fromByteText, toByteText } from '../byte-text.ts';
import { createExecutor } from './executor.ts';
import type { SubgraphAnswer, SubgraphRequest } from './run.ts';

type Resolvers = Record<string, Record<string, unknown>>;
type Subgraph = { sdl: string; resolvers: Resolvers };

/** What came of an operation, and what the subgraphs were asked for it. */
export type Executed = { result: FormattedExecutionResult; requests: TestRequest[] };

type TestRequest = Omit<SubgraphRequest, 'body'> & { body: string };

/**
 * For tests: an executor over subgraphs in this process. `distort` may put another answer in the
 * place of a subgraph's.
 */
export function testExecutor(
  subgraphs: Readonly<Record<string, Subgraph>>,
  distort: (answer: string, request: TestRequest) => SubgraphAnswer | string = (it) => it,
) {
  const url = 'http://127.0.0.1:1/graphql';
  const parts = Object.entries(subgraphs).map(([name, { sdl }]) => ({
    name,
    url,
    sdl: LINK + sdl,
  }));
  const composition = compose(parts);
  if (composition.kind === 'refused') throw new Error(composition.errors.join('\n'));
  const schemas = Object.fromEntries(
    Object.entries(subgraphs).map(([name, { sdl, resolvers }]) => [
      name,
      buildSubgraphSchema([{ typeDefs: parse(LINK + sdl), resolvers: resolvers as never }]),
    ]),
  );
  const executor = createExecutor<TestRequest[]>({
    supergraphSdl: composition.supergraphSdl,
    async ask(request, requests) {
      const body = fromByteText(request.body);
      requests.push({ ...request, body });
      const schema = schemas[request.subgraph];
      if (!schema) throw new Error(`There is no subgraph ${request.subgraph}`);
      const { query, variables } = JSON.parse(body) as {
        query: string;
        variables: Record<string, unknown>;
      };
      const result = await graphql({ schema, source: query, variableValues: variables });
      const answer = distort(JSON.stringify(result), { ...request, body });
      return typeof answer === 'string' ? { kind: 'text', text: toByteText(answer) } : answer;
    },
  });
  return {
    executor,
    async run(query: string, variables: Record<string, unknown> = {}): Promise<Executed> {
      const document = parse(query);
      const invalid = validate(executor.apiSchema, document);
      if (invalid.length > 0) throw new Error(invalid.map(({ message }) => message).join('\n'));
      const requests: TestRequest[] = [];
      const operation = { document, operationName: null, variables, queryHash: query };
      const { data, errors } = await executor.execute(operation, requests);
      const formatted = errors.map((error) => error.toJSON());
      return {
        result: {
          ...(typeof data === 'string'
            ? { data: JSON.parse(fromByteText(data)) as never }
            : { data: data ?? null }),
          ...(formatted.length > 0 ? { errors: formatted } : {}),
        },
        requests,
      };
    },
  };
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@requires", "@provides", "@external", "@interfaceObject", "@inaccessible"
])\n`;
