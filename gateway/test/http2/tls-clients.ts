import { Agent, fetch as fetchOverHttp2 } from 'undici';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { credentialsOf, payloadOf, watch } from '../subscriptions/live-clients.ts';
import type { Transport } from '../subscriptions/live-clients.ts';
import { subscribeByMultipart } from '../subscriptions/multipart-client.ts';

/** `fetch` over TLS that speaks HTTP/2 where the server does, on one connection. */
export type SecureFetch = { fetchFn: typeof fetch; close(): Promise<void> };

/** Trusts the authority `ca`, a PEM. */
export function secureFetch(ca: string): SecureFetch {
  const dispatcher = new Agent({ allowH2: true, connections: 1, connect: { ca } });
  const fetchFn = ((url: string, init: object) =>
    fetchOverHttp2(url, { ...init, dispatcher })) as unknown as typeof fetch;
  return { fetchFn, close: () => dispatcher.destroy() };
}

/** Every way to watch that goes over HTTP/2, with the client library of its protocol. */
export function streamsOver({ fetchFn }: SecureFetch): Record<string, Transport> {
  const overEventStream =
    (singleConnection: boolean): Transport =>
    (url, request) => {
      const client = createStreamClient({
        singleConnection: singleConnection as false,
        url: `${url}/graphql/stream`,
        headers: credentialsOf(request),
        retryAttempts: 0,
        fetchFn,
      });
      return watch((sink) => client.subscribe(payloadOf(request), sink));
    };
  return {
    'graphql-sse': overEventStream(false),
    'graphql-sse over a single connection': overEventStream(true),
    multipart: (url, request) => {
      const headers = credentialsOf(request);
      const payload = payloadOf(request);
      return watch((sink) =>
        subscribeByMultipart(`${url}/graphql`, { headers, payload, fetchFn }, sink),
      );
    },
  };
}

/** graphql-ws over a WebSocket with TLS. */
export function socketsOver(ca: string): Transport {
  class TrustingWebSocket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { ca });
    }
  }
  return (url, request) => {
    const client = createSocketClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: TrustingWebSocket,
      connectionParams: credentialsOf(request),
      retryAttempts: 0,
    });
    return watch((sink) => client.subscribe(payloadOf(request), sink));
  };
}
