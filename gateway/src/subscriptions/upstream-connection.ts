import type { Identity } from '@quantumroute/ops/identity';
import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SERVICE_IDENTITY } from '../identity/credential-lookup.ts';

/** Signs a caller for the subgraphs; null sends no identity. */
export type Sign = ((identity: Identity) => Promise<string>) | null;

/** The socket that all subscriptions of a subgraph share, and when it was opened last. */
export type UpstreamConnection = { client: Client; connectedAt: number };

/** A graphql-ws client that opens its socket for the first subscription and notices a frozen one. */
export function openUpstreamConnection({
  url,
  sign,
  frameBytes,
}: {
  url: string;
  sign: Sign;
  frameBytes: number;
}): UpstreamConnection {
  class BoundedWebSocket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, {
        maxPayload: frameBytes,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        followRedirects: false,
      });
    }
  }
  let pongTimer: NodeJS.Timeout | undefined;
  const stopWaiting = (): void => clearTimeout(pongTimer);
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: BoundedWebSocket,
    connectionParams: async () => (sign ? { identity: await sign(SERVICE_IDENTITY) } : {}),
    connectionAckWaitTimeout: HANDSHAKE_TIMEOUT_MS,
    lazyCloseTimeout: 1_000,
    // The client would send the old identity again; every subscription reconnects by itself instead.
    retryAttempts: 0,
    keepAlive: PING_EVERY_MS,
    on: {
      connected: () => {
        connection.connectedAt = Date.now();
      },
      ping: (isReceived) => {
        if (isReceived) return;
        stopWaiting();
        pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (isReceived) => isReceived && stopWaiting(),
      closed: stopWaiting,
    },
  });
  const connection: UpstreamConnection = { client, connectedAt: 0 };
  return connection;
}

const HANDSHAKE_TIMEOUT_MS = 3_000;
// A frozen connection is noticed within the sum of both.
const PING_EVERY_MS = 2_000;
const PONG_WITHIN_MS = 2_000;
