import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { failure } from '@quantumroute/ops/failures';
import type { Handler } from '@quantumroute/ops/http';
import { HttpError } from '@quantumroute/ops/http-error';
import { credentialsIn } from '../identity/http-credentials.ts';
import type { HttpStreamParts } from './http-streams.ts';
import { parameterOf, readOperation } from './operation-request.ts';
import { ReservedStream, noStream } from './reserved-stream.ts';

/** The token of a reserved stream, in a header or, where a page cannot set one, in the address. */
export function reservationToken(request: IncomingMessage): string | null {
  const header = request.headers[TOKEN_HEADER];
  return typeof header === 'string' ? header : parameterOf(request, 'token');
}

/**
 * graphql-sse's single connection mode: PUT reserves a stream and answers its token, GET opens it,
 * POST starts an operation whose answers come over it, and DELETE ends one. The token is a
 * credential; credentials that come with it must be of the same caller, and keep the stream open
 * for as long as they are valid.
 */
export function singleConnection(
  parts: HttpStreamParts,
  limits: { maxOperations: number; reservationMs: number },
): Handler {
  const streams = new Map<string, ReservedStream>();
  const find = async (request: IncomingMessage): Promise<ReservedStream> => {
    const { authorization, apiKey } = credentialsIn(request);
    const isShown = authorization !== undefined || apiKey !== undefined;
    const shown = isShown ? await parts.identify(request) : null;
    const stream = streams.get(reservationToken(request) ?? '');
    if (!stream) throw noStream();
    if (shown) stream.renew(shown);
    return stream;
  };
  const reserve: Handler = async (request, response) => {
    const token = randomBytes(32).toString('base64url');
    const caller = await parts.identify(request);
    const address = parts.addressOf(request);
    const onEnd = (): void => void streams.delete(token);
    streams.set(token, new ReservedStream({ ...parts, ...limits, caller, address, onEnd }));
    response.writeHead(201, { 'content-type': 'text/plain; charset=utf-8', ...NO_STORE });
    response.end(token);
  };
  const start: Handler = async (request, response) => {
    const stream = await find(request);
    const operation = await readOperation(request);
    stream.start(operationIdOf(operation.extensions?.['operationId']), operation);
    response.writeHead(202, NO_STORE).end();
  };
  const stop: Handler = async (request, response) => {
    const stream = await find(request);
    stream.stop(operationIdOf(parameterOf(request, 'operationId')));
    response.writeHead(200, NO_STORE).end();
  };
  const handlers: Readonly<Record<string, Handler>> = {
    PUT: reserve,
    GET: async (request, response) => (await find(request)).attach(response),
    POST: start,
    DELETE: stop,
  };
  return (request, response) => {
    const handler = handlers[request.method ?? ''];
    if (!handler) throw new HttpError(405, `${Object.keys(handlers).join(', ')} only`);
    return handler(request, response);
  };
}

const TOKEN_HEADER = 'x-graphql-event-stream-token';
const NO_STORE = { 'cache-control': 'no-store' };
const LONGEST_ID = 128;

function operationIdOf(id: unknown): string {
  if (typeof id === 'string' && id !== '' && id.length <= LONGEST_ID) return id;
  throw failure(
    'BAD_REQUEST',
    `An operation needs an operationId of 1 to ${LONGEST_ID} characters`,
  );
}
