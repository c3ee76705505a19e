import { compose } from '@quantumroute/schema/contract/composition';
import { parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { startExecutor } from './executor.ts';
import type { SubgraphReply, TestedAnswer } from './executor.ts';
import type { Noise } from './faults/json-text.ts';
import type { Operation } from './harbour/oracle.ts';
import { runSubgraph } from './harbour/subgraphs.ts';
import { newWorld } from './harbour/world.ts';
import type { SubgraphModel, World } from './harbour/world.ts';

/** One request of the gateway to a subgraph: the how manieth of the execution, from 0. */
export type SubgraphCall = { subgraph: string; body: string; place: number };

/** How the subgraphs behave during one execution. */
export type Behaviour = {
  world?: World;
  noise?: Noise | null;
  /** May answer in the place of the subgraph, given what it would say. */
  intercept?: Intercept;
};

export type Intercept = (
  call: SubgraphCall,
  honest: () => Promise<string>,
) => Promise<SubgraphReply>;

/** What the gateway made of an operation, and what it asked the subgraphs for. */
export type GatewayAnswer = TestedAnswer & { calls: SubgraphCall[] };

/** Subgraphs behind the gateway's executor, without a port. */
export type Graph = {
  apiSchema: GraphQLSchema;
  ask(operation: Operation | string, behaviour?: Behaviour): Promise<GatewayAnswer>;
};

/** Composes subgraphs and starts the executor over them. */
export function startGraph(models: readonly SubgraphModel[]): Graph {
  const subgraphs = new Map(models.map((model) => [model.name, runSubgraph(model)]));
  const executor = startExecutor<{ calls: SubgraphCall[]; behaviour: Behaviour }>({
    supergraphSdl: supergraphOf(models),
    async reply({ subgraph, body }, { calls, behaviour }) {
      const call = { subgraph, body, place: calls.length };
      calls.push(call);
      const { world = newWorld(), noise = null, intercept } = behaviour;
      const running = subgraphs.get(subgraph);
      if (!running) throw new Error(`Needs a subgraph of the graph, got "${subgraph}"`);
      const honest = () => running.answer(body, world, noise);
      return intercept ? intercept(call, honest) : { kind: 'text', text: await honest() };
    },
  });
  return {
    apiSchema: executor.apiSchema,
    async ask(operation, behaviour = {}) {
      const calls: SubgraphCall[] = [];
      const asked = typeof operation === 'string' ? question(operation) : operation;
      return { ...(await executor.execute(asked, { calls, behaviour })), calls };
    },
  };
}

/** An operation out of its text. */
export function question(
  text: string,
  {
    variables = {},
    operationName = null,
  }: { variables?: Record<string, unknown>; operationName?: string | null } = {},
): Operation {
  return { document: parse(text), variables, operationName };
}

/** The supergraph's SDL. */
export function supergraphOf(models: readonly SubgraphModel[]): string {
  const composition = compose(
    models.map(({ name, typeDefs: sdl }) => ({ name, url: `http://${name}.example/graphql`, sdl })),
  );
  if (composition.kind === 'refused') throw new Error(composition.errors.join('\n'));
  return composition.supergraphSdl;
}
