import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from '@quantumroute/ops/http';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import { statusOf } from '../errors/mask.ts';
import type { HttpStreamParts } from './http-streams.ts';
import { MULTIPART, acceptsMultipart } from './multipart.ts';
import { readOperation } from './operation-request.ts';
import { openPacedResponse } from './paced-response.ts';
import { frameOf } from './result-frame.ts';
import { runOperation } from './running-operation.ts';
import { serverSentEvents } from './server-sent-events.ts';

/**
 * One operation for each request, its answers in one response: graphql-sse's distinct connections
 * mode, or Apollo's multipart protocol. Mutations need POST.
 */
export function singleOperation({
  identify,
  openOperation,
  connections,
  addressOf,
  pace,
}: HttpStreamParts): Handler {
  return async (request, response) => {
    const isMultipart = acceptsMultipart(request);
    const framing = isMultipart ? MULTIPART : serverSentEvents();
    const operation = await readOperation(request);
    const caller = await identify(request);
    // Whoever has left already will not leave again.
    if (response.destroyed) return;
    let end: (reason?: GraphQLError) => void = () => undefined;
    const address = addressOf(request);
    const connection = connections.enter({
      kind: 'streams',
      caller,
      address,
      end: (reason) => end(reason),
    });
    response.once('close', () => {
      connection.leave();
      end();
    });
    const seat = connection.startOperation();
    response.once('close', seat.leave);
    const isReadOnly = request.method === 'GET';
    const running = runOperation(operation, { openOperation, caller, isReadOnly });
    end = running.end;
    const answer = await running.answer;
    if (isMultipart && answer.kind === 'result')
      return sendResult(request, response, answer.result);
    const paced = openPacedResponse(response, { framing, pace });
    const reason = await running.send((result) => paced.write(frameOf(result, framing)));
    paced.end(reason ? framing.cut(reason.toJSON()) : framing.complete);
  };
}

/** What has one answer needs no parts. Clients take a refusal for GraphQL by the media type. */
function sendResult(
  { headers }: IncomingMessage,
  response: ServerResponse,
  result: FormattedExecutionResult,
): void {
  const text = JSON.stringify(result);
  const knowsType = (headers.accept ?? '').includes('application/graphql-response+json');
  response.writeHead(result.data === undefined ? statusOf(result.errors ?? []) : 200, {
    'content-type': `application/${knowsType ? 'graphql-response+json' : 'json'}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}
