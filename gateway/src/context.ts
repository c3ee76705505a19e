import type { RequestScope } from '@quantumroute/ops/request';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { PreparedOperation } from './execution/execution.ts';
import type { Arrival } from './http/arrival.ts';
import type { Caller } from './identity/caller.ts';
import type { Timings } from './upstream/timings.ts';

/** What one operation carries through all rooms of the gateway. */
export type GatewayContext = {
  caller: Caller;
  scope: RequestScope;
  timings: Timings;
  /**
   * The generation of the caller's organization when the operation arrived (see
   * `caching/generations.ts`). Null while it cannot be known: then nothing is kept or shared.
   */
  generation?: string | null;
  /** What the front wants to hear of a request that came by HTTP. */
  arrival?: Arrival;
  /** For one event of a subscription: what the owning subgraph sent, instead of the first fetch. */
  event?: FormattedExecutionResult;
  /**
   * Set by transports that can stream: takes a subscription once it is admitted, and the context of
   * its pipeline, which is Apollo Server's copy of the one that was given.
   */
  onSubscription?: (operation: PreparedOperation, context: object) => void;
  /** Mutations are refused. HTTP's own GET needs it not: Apollo Server sees to that. */
  isReadOnly?: boolean;
  /** Why the operation is refused, found before the pipeline could say so. */
  refusal?: GraphQLError;
};
