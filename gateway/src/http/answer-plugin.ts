import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';
import { boundErrors, statusOf } from '../errors/mask.ts';
import { timingsHeader } from '../upstream/timings.ts';

/**
 * The last touch to every answer: a bounded number of errors, the status that belongs to the code,
 * no storing on the way, and outside production what the subgraphs spent on it.
 */
export function createAnswerPlugin({
  serverTiming,
}: {
  serverTiming: boolean;
}): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ response, contextValue, operation, operationName }) {
        contextValue.scope.span?.setAttributes({
          'graphql.operation.type': operation?.operation ?? 'unknown',
          'graphql.operation.name': operationName ?? '',
        });
        const { http, body } = response;
        http.headers.set('cache-control', 'no-store');
        if (serverTiming) http.headers.set('server-timing', timingsHeader(contextValue.timings));
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        const errors = boundErrors(body.singleResult.errors);
        body.singleResult.errors = errors;
        // Apollo Server knows no better than 500 for most refusals.
        const isVague = http.status === undefined || http.status >= 500;
        if (body.singleResult.data === undefined && isVague) http.status = statusOf(errors);
      },
    }),
  };
}
