import { failure } from '@quantumroute/ops/failures';
import { GraphQLError, getOperationAST, getVariableValues } from 'graphql';
import type {
  DocumentNode,
  FormattedExecutionResult,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { QueryPlan } from '@apollo/query-planner';
import { LRUCache } from 'lru-cache';
import { emptyNode } from './answer-node.ts';
import { compileOperation } from './compile.ts';
import type { CompiledOperation } from './compile.ts';
import { createCompletion } from './completion.ts';
import { conditionVariables, conditionsFrom } from './conditions.ts';
import type { ConditionVariable } from './conditions.ts';
import { internalNames } from './internal-names.ts';
import { createPlanner } from './planner.ts';
import type { AskSubgraph, OnUnusable, Run } from './run.ts';

/** An operation that was found valid, and what identifies its document. */
export type ExecutableOperation = {
  document: DocumentNode;
  operationName: string | null;
  variables: Readonly<Record<string, unknown>>;
  queryHash: string;
};

/** Data are JSON; undefined when nothing was executed. Errors are not masked yet. */
export type ExecutedAnswer = { data: string | null | undefined; errors: readonly GraphQLError[] };

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
};

/** How much is remembered: operations, and characters of the code that was made for them. */
const MOST_OPERATIONS = 1_000;
const MOST_CHARACTERS = 50_000_000;

/**
 * An executor for a supergraph, given how its subgraphs are asked. `maxOperations` is how many
 * operations stay compiled.
 */
export function createExecutor<C>({
  supergraphSdl,
  ask,
  onUnusable = () => undefined,
  maxOperations = MOST_OPERATIONS,
}: {
  supergraphSdl: string;
  ask: AskSubgraph<C>;
  onUnusable?: OnUnusable;
  maxOperations?: number;
}): Executor<C> {
  const planner = createPlanner(supergraphSdl);
  const { schemas } = planner;
  const namesOfOperation = internalNames(schemas.supergraph);
  const known = new LRUCache<string, KnownOperation>({ max: maxOperations });
  const compiled = new LRUCache<string, CompiledOperation>({
    max: maxOperations,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ characters }) => characters + 1,
  });
  const knownOf = ({ document, operationName, queryHash }: ExecutableOperation): KnownOperation => {
    const key = JSON.stringify([queryHash, operationName]);
    const found = known.get(key);
    if (found) return found;
    const operation = getOperationAST(document, operationName);
    if (!operation) throw failure('OPERATION_RESOLUTION_FAILURE', 'There is no such operation');
    const made = { key, operation, decisive: conditionVariables(document, operation) };
    known.set(key, made);
    return made;
  };
  const compiledFor = (of: ExecutableOperation): CompiledOperation => {
    const { key, operation, decisive } = knownOf(of);
    const conditions = conditionsFrom(decisive, of.variables);
    const decided = conditions.size > 0 ? `${key} ${JSON.stringify([...conditions])}` : key;
    const found = compiled.get(decided);
    if (found) return found;
    const { document } = of;
    const names = namesOfOperation();
    const made = compileOperation({ document, operation, conditions, planner, names });
    compiled.set(decided, made);
    return made;
  };
  return {
    apiSchema: schemas.api,
    planOf: (operation) => compiledFor(operation).plan,
    async execute(of, context, { event } = {}) {
      try {
        const refused = variableErrors(schemas.api, knownOf(of).operation, of.variables);
        if (refused.length > 0) return { data: undefined, errors: refused };
        const ready = compiledFor(of);
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
type KnownOperation = {
  key: string;
  operation: OperationDefinitionNode;
  decisive: readonly ConditionVariable[];
};

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
  const completion = createCompletion();
  const data = write(state.root, completion);
  return { data, errors: [...state.errors, ...completion.errors(state.errors)] };
}
