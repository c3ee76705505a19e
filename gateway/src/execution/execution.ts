import { ApolloGateway } from '@apollo/gateway';
import type { GatewayConfig, GraphQLDataSource } from '@apollo/gateway';
import type { Engine } from '@quantumroute/ops/envelop';
import { failure } from '@quantumroute/ops/failures';
import type { Logger } from '@quantumroute/ops/log';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { withCompletionErrors } from '../errors/value-completion.ts';
import { teachScalars } from '../supergraph/known-scalars.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';

/** The first fetch of a subscription: what its owning subgraph is to be asked. */
export type PrimaryFetch = {
  subgraph: string;
  query: string;
  variables: Record<string, unknown>;
};

/** An operation that was admitted and is ready to be executed, any number of times. */
export type PreparedOperation = {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName: string | null;
  variables: Record<string, unknown>;
  /** Finds the plan again that the first execution made. */
  queryHash: string;
};

/** Plans operations over the supergraph and executes the plans. */
export type Execution = {
  /** To be given to Apollo Server, which loads and stops it. */
  engine: Engine;
  /** Where a subscription's events come from; null when the plan does not begin with a subgraph. */
  primaryFetchOf(operation: PreparedOperation): Promise<PrimaryFetch | null>;
  /** Executes once; for subscriptions `context.event` takes the place of the primary fetch. */
  execute(operation: PreparedOperation, context: object): Promise<ExecutionResult>;
};

/**
 * `@apollo/gateway` plans and executes. It plans subscriptions too, but refuses to execute them:
 * so their plan becomes an ordinary sequence, the first fetch of which is answered with the event.
 */
export function createExecution({
  supergraph,
  dataSourceOf,
  log,
}: {
  supergraph: Supergraph;
  dataSourceOf: (subgraph: { name: string; url: string }) => GraphQLDataSource;
  log: Logger;
}): Execution {
  const primaries = new WeakMap<QueryPlan, PrimaryNode>();
  const apollo = new ApolloGateway({
    supergraphSdl: supergraph.executableSdl,
    buildService: ({ name, url = '' }) => dataSourceOf({ name, url }),
    logger: log,
    experimental_didResolveQueryPlan({ queryPlan, requestContext }) {
      rewriteSubscription(queryPlan, primaries);
      (requestContext.context as PlanObserver).onPlan?.(primaries.get(queryPlan) ?? null);
    },
  });
  const execute: Execution['execute'] = async (operation, context) => {
    const requestContext = requestContextOf(operation, { context, log });
    return withCompletionErrors(await apollo.executor(requestContext));
  };
  return {
    engine: engineOf(apollo),
    async primaryFetchOf(operation) {
      let primary: PrimaryNode | null = null;
      const onPlan: PlanObserver['onPlan'] = (node) => {
        primary = node;
      };
      // Without an event there is nothing to fetch: this only makes the plan.
      await execute(operation, { onPlan });
      return primary && fetchOf(primary, operation.variables);
    },
    execute,
  };
}

type DidResolvePlan = NonNullable<GatewayConfig['experimental_didResolveQueryPlan']>;
type QueryPlan = Parameters<DidResolvePlan>[0]['queryPlan'];
type SubscriptionNode = Extract<NonNullable<QueryPlan['node']>, { kind: 'Subscription' }>;
type PrimaryNode = SubscriptionNode['primary'];
type RequestContext = Parameters<ApolloGateway['executor']>[0];
type PlanObserver = { onPlan?: (primary: PrimaryNode | null) => void };

/** The plan is cached by the gateway, so that this happens once for each plan. */
function rewriteSubscription(
  queryPlan: QueryPlan,
  primaries: WeakMap<QueryPlan, PrimaryNode>,
): void {
  const { node } = queryPlan;
  if (node?.kind !== 'Subscription') return;
  primaries.set(queryPlan, node.primary);
  queryPlan.node = node.rest
    ? { kind: 'Sequence', nodes: [node.primary, node.rest] }
    : node.primary;
}

function fetchOf(primary: PrimaryNode, variables: Record<string, unknown>): PrimaryFetch {
  const used = (primary.variableUsages ?? []).filter((name) => Object.hasOwn(variables, name));
  return {
    subgraph: primary.serviceName,
    query: primary.operation,
    variables: Object.fromEntries(used.map((name) => [name, variables[name]])),
  };
}

function requestContextOf(
  { document, operationName, variables, queryHash }: PreparedOperation,
  { context, log }: { context: object; log: Logger },
): RequestContext {
  const request = { variables, ...(operationName === null ? {} : { operationName }) };
  // What the executor reads; the rest of the type belongs to Apollo Server's own pipeline.
  const read = { document, operationName, queryHash, request, context, logger: log, metrics: {} };
  return read as unknown as RequestContext;
}

type Executor = NonNullable<Awaited<ReturnType<Engine['load']>>['executor']>;
type ExecutorResult = Awaited<ReturnType<Executor>>;

function engineOf(apollo: ApolloGateway): Engine {
  return {
    async load(options) {
      const { executor } = await apollo.load(options);
      return {
        async executor(requestContext) {
          const { operation, context } = requestContext;
          if (operation.operation === 'mutation' && (context as GatewayContext).isReadOnly) {
            return { errors: [failure('BAD_REQUEST', 'A mutation needs POST')] };
          }
          if (operation.operation === 'subscription') return prepareSubscription(requestContext);
          return withCompletionErrors(await executor(requestContext)) as ExecutorResult;
        },
      };
    },
    onSchemaLoadOrUpdate: (listener) =>
      apollo.onSchemaLoadOrUpdate((loaded) => {
        teachScalars(loaded.apiSchema);
        listener(loaded);
      }),
    stop: () => apollo.stop(),
  };
}

/** A subscription is admitted here; whoever can stream takes it over. */
function prepareSubscription({
  schema,
  document,
  operationName,
  queryHash,
  request,
  context,
}: RequestContext): ExecutorResult {
  const { onSubscription } = context as GatewayContext;
  if (!onSubscription) {
    const message = 'Subscriptions need graphql-ws or an event stream: see the accept header';
    return { errors: [failure('BAD_REQUEST', message)] };
  }
  const variables = request.variables ?? {};
  onSubscription({ schema, document, operationName, variables, queryHash }, context);
  return { data: null };
}
