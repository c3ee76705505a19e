import type { IncomingMessage } from 'node:http';
import type { Handler } from '@quantumroute/ops/http';
import type { Authenticator } from '../identity/authenticate.ts';
import type { Caller } from '../identity/caller.ts';
import { clientAddress } from '../identity/client-key.ts';
import { credentialsIn } from '../identity/http-credentials.ts';
import { checkOrigin } from '../identity/origin-check.ts';
import type { LiveConnections } from './live-connections.ts';
import { acceptsMultipart } from './multipart.ts';
import type { OpenOperation } from './open-operation.ts';
import type { Pace } from './paced-response.ts';
import { reservationToken, singleConnection } from './single-connection.ts';
import { singleOperation } from './single-operation.ts';

/** What serving operations over HTTP responses that stay open takes. */
export type HttpStreamParts = {
  identify: (request: IncomingMessage) => Promise<Caller>;
  addressOf: (request: IncomingMessage) => string;
  openOperation: OpenOperation;
  connections: LiveConnections;
  pace: Pace;
};

/** Whether a client asks for a response that stays open: server-sent events or Apollo's multipart. */
export function wantsStream(request: IncomingMessage): boolean {
  const { accept = '' } = request.headers;
  return (
    /text\/event-stream/i.test(accept) || (/multipart/i.test(accept) && acceptsMultipart(request))
  );
}

/**
 * Operations over HTTP responses that stay open, in the way that the request asks for: one operation
 * for each request, or a reserved event stream with the answers of many. Credentials come in
 * headers; a refused caller gets an ordinary HTTP status.
 */
export function createHttpStreams({
  authenticate,
  openOperation,
  connections,
  origins,
  trustedProxies,
  maxOperations,
  reservationMs,
  pace,
}: {
  authenticate: Authenticator;
  openOperation: OpenOperation;
  connections: LiveConnections;
  /** Pages of other origins that may call. */
  origins: readonly string[];
  /** Proxies in front that tell where a request comes from. */
  trustedProxies: number;
  /** Operations on one reserved stream. */
  maxOperations: number;
  /** How long a reservation waits for its stream. */
  reservationMs: number;
  pace: Pace;
}): Handler {
  const parts: HttpStreamParts = {
    identify: (request) => authenticate(credentialsIn(request)),
    addressOf: (request) => clientAddress(request, trustedProxies),
    openOperation,
    connections,
    pace,
  };
  const single = singleOperation(parts);
  const reserved = singleConnection(parts, { maxOperations, reservationMs });
  return (request, response) => {
    checkOrigin(request, origins);
    const isReserved = request.method === 'PUT' || reservationToken(request) !== null;
    const serve = isReserved && !acceptsMultipart(request) ? reserved : single;
    return serve(request, response);
  };
}
