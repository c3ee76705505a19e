import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { failure } from './failures.ts';
import { TransportSocket } from './graphql-transport-ws.ts';
import type { SocketSession } from './graphql-transport-ws.ts';
import { HttpError, answerOf, retryHeaders } from './http-error.ts';
import type { Logger } from './log.ts';

/** How much one process and one socket may hold. */
export type SocketLimits = {
  /** Sockets at the same time; default 1,000. */
  maxSockets: number;
  /** Operations on one socket; default 100. */
  maxOperationsPerSocket: number;
  /** Bytes of one message from the client; default 1 MB. */
  maxFrameBytes: number;
  /** Bytes that wait for a client who does not read, before it is cut off; default 4 MB. */
  maxBufferedBytes: number;
  /** Time until `connection_init`; default 5 s. */
  initTimeoutMs: number;
  /** Time between pings; a socket that leaves one unanswered is cut off; default 15 s. */
  pingIntervalMs: number;
};

/** What `serveGraphqlSockets` needs. */
export type GraphqlSocketsOptions = {
  node: Server;
  path: string;
  log: Logger;
  limits?: Partial<SocketLimits>;
  /**
   * Makes what serves one socket, before there is any. What it throws refuses the upgrade: an
   * `HttpError` or a GraphQLError of the catalogue with its status.
   */
  admit: (request: IncomingMessage) => SocketSession;
};

/**
 * Serves graphql-transport-ws on `path` of an HTTP server. Sockets, operations, frames and what
 * waits for a slow reader are bounded. `close` says "going away" to everyone, once what is being
 * executed has been answered, and cuts off who is still there after `graceMs`; default 1 s.
 */
export function serveGraphqlSockets(options: GraphqlSocketsOptions): {
  close(options?: { graceMs?: number }): Promise<void>;
} {
  const { node, path, log, admit } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxFrameBytes,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });
  const open = new Set<TransportSocket>();
  const admitted = (request: IncomingMessage): SocketSession => {
    const isHere = (request.url ?? '').split('?', 1)[0] === path;
    if (!isHere) throw new HttpError(404, 'There is nothing here', { code: 'NOT_FOUND' });
    if (sockets.clients.size >= limits.maxSockets) {
      throw failure('SERVICE_UNAVAILABLE', 'Too many sockets', { retryAfterSeconds: 5 });
    }
    return admit(request);
  };
  node.on('upgrade', (request: IncomingMessage, tcp: Duplex, head: Buffer) => {
    tcp.on('error', () => tcp.destroy());
    try {
      const session = admitted(request);
      // Also when it never becomes a socket, such as for headers that are none of a WebSocket.
      tcp.once('close', () => session.left?.());
      sockets.handleUpgrade(request, tcp, head, (socket) => {
        keepAlive(socket, limits.pingIntervalMs);
        const transport = new TransportSocket({ socket, session, limits, log });
        open.add(transport);
        socket.once('close', () => open.delete(transport));
        transport.serve();
      });
    } catch (error) {
      refuse(tcp, error, log);
    }
  });
  return {
    async close({ graceMs = CLOSE_TIMEOUT_MS } = {}) {
      for (const transport of open) transport.leave(1001, 'Going away');
      await closed(sockets, graceMs);
    },
  };
}

const CLOSE_TIMEOUT_MS = 1_000;

const DEFAULT_LIMITS: SocketLimits = {
  maxSockets: 1_000,
  maxOperationsPerSocket: 100,
  maxFrameBytes: 1_000_000,
  maxBufferedBytes: 4_000_000,
  initTimeoutMs: 5_000,
  pingIntervalMs: 15_000,
};

function refuse(tcp: Duplex, error: unknown, log: Logger): void {
  const { status, error: shown, ours } = answerOf(error);
  if (ours) log.error({ err: error }, 'socket not admitted');
  const body = JSON.stringify({ errors: [shown] });
  const headers = Object.entries(retryHeaders(shown.extensions));
  const retry = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  // The other side may never end its half, and nothing else watches this socket any more.
  tcp.once('finish', () => tcp.destroy());
  tcp.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n${retry}` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** A client that vanished without a word is found by an unanswered ping. */
function keepAlive(socket: WebSocket, intervalMs: number): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, intervalMs);
  socket.on('pong', () => {
    answered = true;
  });
  socket.once('close', () => clearInterval(timer));
}

async function closed(sockets: WebSocketServer, graceMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const patience = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, graceMs);
    sockets.close(() => {
      clearTimeout(patience);
      resolve();
    });
    if (sockets.clients.size === 0) clearTimeout(patience);
  });
}
