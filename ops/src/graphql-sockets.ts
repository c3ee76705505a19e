import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { makeServer } from 'graphql-ws';
import type { ServerOptions } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { failure } from './failures.ts';
import type { Logger } from './log.ts';

/** What a hook of graphql-ws finds in `ctx.extra`. */
export type SocketExtra = { socket: WebSocket; request: IncomingMessage };

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
  /** Refuses an upgrade before any socket exists, such as for a foreign origin. */
  accepts?: (request: IncomingMessage) => boolean;
  protocol: ServerOptions<Record<string, unknown>, SocketExtra>;
};

/**
 * Serves graphql-transport-ws on `path` of an HTTP server. Sockets, operations, frames and what
 * waits for a slow reader are bounded. `close` says "going away" to everyone.
 */
export function serveGraphqlSockets(options: GraphqlSocketsOptions): { close(): Promise<void> } {
  const { node, path, log, accepts = () => true } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxFrameBytes,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  const protocol = makeServer({
    ...bounded(options.protocol, limits.maxOperationsPerSocket),
    connectionInitWaitTimeout: limits.initTimeoutMs,
  });
  node.on('upgrade', (request: IncomingMessage, tcp: Duplex, head: Buffer) => {
    tcp.on('error', () => tcp.destroy());
    if ((request.url ?? '').split('?', 1)[0] !== path) return refuse(tcp, '404 Not Found');
    if (!accepts(request)) return refuse(tcp, '403 Forbidden');
    if (sockets.clients.size >= limits.maxSockets) return refuse(tcp, '503 Service Unavailable');
    sockets.handleUpgrade(request, tcp, head, (socket) => {
      const extra = { socket, request };
      const closed = protocol.opened(adapt(socket, limits, log), extra);
      keepAlive(socket, limits.pingIntervalMs);
      socket.on('error', (error) => log.debug({ err: error }, 'socket failed'));
      socket.once('close', (code, reason) => {
        closed(code, reason.toString()).catch((error: unknown) =>
          log.error({ err: error }, 'socket not closed cleanly'),
        );
      });
    });
  });
  return {
    async close() {
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      await new Promise<void>((resolve) => {
        const patience = setTimeout(() => {
          for (const socket of sockets.clients) socket.terminate();
        }, CLOSE_TIMEOUT_MS);
        sockets.close(() => {
          clearTimeout(patience);
          resolve();
        });
        if (sockets.clients.size === 0) clearTimeout(patience);
      });
    },
  };
}

const PROTOCOL = 'graphql-transport-ws';
const CLOSE_TIMEOUT_MS = 1_000;
const INTERNAL_ERROR = 4500;

const DEFAULT_LIMITS: SocketLimits = {
  maxSockets: 1_000,
  maxOperationsPerSocket: 100,
  maxFrameBytes: 1_000_000,
  maxBufferedBytes: 4_000_000,
  initTimeoutMs: 5_000,
  pingIntervalMs: 15_000,
};

function refuse(tcp: Duplex, status: string): void {
  // The other side may never end its half, and nothing else watches this socket any more.
  tcp.once('finish', () => tcp.destroy());
  tcp.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** The socket as graphql-ws wants it, with a bound on what waits for a slow reader. */
function adapt(socket: WebSocket, limits: SocketLimits, log: Logger) {
  return {
    protocol: socket.protocol,
    async send(text: string) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > limits.maxBufferedBytes) return socket.terminate();
      // Waits for the write, so that one operation's events never pile up here.
      await new Promise<void>((resolve) => socket.send(text, () => resolve()));
    },
    close: (code: number, reason: string) => socket.close(code, reason),
    onMessage(handle: (text: string) => Promise<void>) {
      socket.on('message', (data: Buffer) => {
        handle(data.toString()).catch((error: unknown) => {
          log.error({ err: error }, 'message not handled');
          socket.close(INTERNAL_ERROR, 'Internal server error');
        });
      });
    },
  };
}

/** Refuses one operation too many without touching the others of its socket. */
function bounded(protocol: GraphqlSocketsOptions['protocol'], maxOperations: number) {
  const onSubscribe: typeof protocol.onSubscribe = (ctx, id, payload) => {
    if (Object.keys(ctx.subscriptions).length > maxOperations) {
      return [
        failure('RATE_LIMITED', 'Too many operations on one socket', { retryAfterSeconds: 1 }),
      ];
    }
    return protocol.onSubscribe?.(ctx, id, payload);
  };
  return { ...protocol, onSubscribe };
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
