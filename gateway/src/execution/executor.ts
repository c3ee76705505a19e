import { GraphQLError, getVariableValues } from 'graphql';
import type {
  DocumentNode,
  FormattedExecutionResult,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { QueryPlan } from '@apollo/query-planner';
import type { ByteText } from '../byte-text.ts';
import { emptyNode } from './answer-node.ts';
import type { CompiledOperation } from './compile.ts';
import { createCompiledOperations } from './compiled-operations.ts';
import type { IdentifiedOperation, RecentOperation } from './compiled-operations.ts';
import { Completion } from './completion.ts';
import { createPlanner } from './planner.ts';
import type { AskSubgraph, OnUnusable, Run } from './run.ts';

/** An operation that was found valid, and what identifies its document. */
export type ExecutableOperation = IdentifiedOperation & { variables: Variables };

/** Data are JSON; undefined when nothing was executed. Errors are not masked yet. */
export type ExecutedAnswer = { data: ByteText | null | undefined; errors: readonly GraphQLError[] };

/** Executes operations over one supergraph by code that is made for each of them once. */
export type Executor<C> = {
  readonly apiSchema: GraphQLSchema;
  execute(
    operation: ExecutableOperation,
    context: C,
    options?: { event?: FormattedExecutionResult | undefined },
  ): Promise<ExecutedAnswer>;
  /** The plan, as the planner made it. */
  planOf(operation: ExecutableOperation): QueryPlan;
  /** Compiles a document's operations before anybody asks. Takes as long as planning does. */
  prepare(document: DocumentNode, queryHash: string): void;
  /** What is compiled, the last used last. */
  recent(): RecentOperation[];
};

/**
 * An executor for a supergraph, given how its subgraphs are asked. `maxOperations` is how many
 * operations stay compiled.
 */
export function createExecutor<C>({
  supergraphSdl,
  ask,
  onUnusable = () => undefined,
  maxOperations = 1_000,
}: {
  supergraphSdl: string;
  ask: AskSubgraph<C>;
  onUnusable?: OnUnusable;
  maxOperations?: number;
}): Executor<C> {
  const planner = createPlanner(supergraphSdl);
  const { schemas } = planner;
  const operations = createCompiledOperations(planner, { maxOperations });
  return {
    apiSchema: schemas.api,
    planOf: (of) => operations.compiled(of, of.variables).plan,
    prepare: operations.prepare,
    recent: operations.recent,
    async execute(of, context, { event } = {}) {
      try {
        const refused = variableErrors(schemas.api, operations.definitionOf(of), of.variables);
        if (refused.length > 0) return { data: undefined, errors: refused };
        const ready = operations.compiled(of, of.variables);
        const variables = withRenamed(of.variables, ready.renamedVariables);
        const askAs: Run['ask'] = (request) => ask(request, context);
        return await runCompiled(ready, { variables, ask: askAs, onUnusable, event });
      } catch (error) {
        if (error instanceof GraphQLError) return { data: undefined, errors: [error] };
        throw error;
      }
    },
  };
}

type Variables = Readonly<Record<string, unknown>>;

function withRenamed(variables: Variables, renamed: ReadonlyMap<string, string>): Variables {
  if (renamed.size === 0) return variables;
  const more = [...renamed].filter(([, name]) => Object.hasOwn(variables, name));
  return { ...variables, ...Object.fromEntries(more.map(([to, name]) => [to, variables[name]])) };
}

function variableErrors(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] {
  if (variableDefinitions.length === 0) return [];
  return getVariableValues(schema, variableDefinitions, variables).errors ?? [];
}

async function runCompiled(
  { run, introspect, write, isMutation }: CompiledOperation,
  given: Pick<Run, 'variables' | 'ask' | 'onUnusable' | 'event'>,
): Promise<ExecutedAnswer> {
  const state: Run = {
    ...given,
    root: emptyNode(),
    errors: [],
    entities: isMutation ? null : new Map(),
    stamp: 0,
  };
  introspect?.(state.root, given.variables);
  await run(state);
  const completion = new Completion();
  const data = write(state.root, completion);
  return { data, errors: [...state.errors, ...completion.errors(state.errors)] };
}
