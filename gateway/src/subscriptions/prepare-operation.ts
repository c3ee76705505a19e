import type { FormattedExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Engine } from '../engine/engine.ts';
import type { PreparedOperation } from '../execution/execution.ts';
import { noTimings } from '../upstream/timings.ts';
import type { OperationRequest } from './open-operation.ts';

/** What comes out of the pipeline: an answer, or a subscription that was admitted. */
export type Prepared =
  | { kind: 'result'; result: FormattedExecutionResult }
  | { kind: 'subscription'; operation: PreparedOperation; context: object };

/** Sends an operation through Apollo Server's pipeline, where it is admitted like any other. */
export async function prepareOperation(
  { server }: Pick<Engine, 'server'>,
  request: OperationRequest,
  who: Pick<GatewayContext, 'caller' | 'scope' | 'isReadOnly'>,
): Promise<Prepared> {
  const prepared: Prepared[] = [];
  const contextValue: GatewayContext = {
    ...who,
    timings: noTimings(),
    onSubscription: (operation, context) =>
      prepared.push({ kind: 'subscription', operation, context }),
  };
  const { body } = await server.executeOperation(request, { contextValue });
  if (body.kind !== 'single') throw new Error('There are no incremental answers here');
  return prepared[0] ?? { kind: 'result', result: body.singleResult };
}
