import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { trackConnections } from './http-connections.ts';
import { splitProtocols } from './http-protocols.ts';
import { serveHttp2 } from './http2-sessions.ts';
import type { Http2Limits, Http2Options, Http2Sessions } from './http2-sessions.ts';
import type { TlsCertificate } from './tls-certificate.ts';

/** How long connections and requests may take; see `HttpLimits`. */
export type ListenerLimits = {
  headersTimeoutMs: number;
  arrivalTimeoutMs: number;
  idleTimeoutMs: number;
  keepAliveMs: number;
};

/** What `createListener` needs. */
export type ListenerOptions = {
  limits: ListenerLimits;
  /** Null for plain text. */
  certificate: TlsCertificate | null;
  /** Null for HTTP/1.1 alone. */
  http2: Http2Limits | null;
  /** Gives what is to be called once the response is closed. */
  onRequest: (request: IncomingMessage, response: ServerResponse) => () => void;
  /** See `Http2Options`. */
  onRefused: Http2Options['onRefused'];
  onHttp2Sessions: (open: number) => void;
};

/** A port to be, and the connections to it. */
export type Listener = {
  node: Server;
  listen(port: number, host: string): Promise<{ port: number; url: string }>;
  /** Stops accepting, lets requests in flight finish within `graceMs`, then cuts. */
  close(graceMs: number): Promise<void>;
};

/** Accepts connections, in plain text or with TLS, of HTTP/1.1 and where it is wanted of HTTP/2. */
export function createListener(options: ListenerOptions): Listener {
  const { certificate, onRequest } = options;
  const node = createNode(options);
  const http1 = trackConnections();
  const http2 = createHttp2(options);
  const sockets = new Set<Socket>();
  // Those that have not said yet what they speak, by their peer: with TLS they say it by another object.
  const silent = new Map<string, Socket>();
  node.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    sockets.add(socket);
    silent.set(peer, socket);
    socket.once('close', () => {
      sockets.delete(socket);
      if (silent.get(peer) === socket) silent.delete(peer);
    });
  });
  const spoken = (serve: (socket: Socket) => void) => (socket: Socket) => {
    silent.delete(peerOf(socket));
    serve(socket);
  };
  splitProtocols(node, {
    isSecure: certificate !== null,
    onHttp1: spoken(http1.opened),
    onHttp2: http2 && spoken(http2.accept),
    timeoutMs: options.limits.headersTimeoutMs,
  });
  node.on('request', (request, response) => {
    const ended = http1.began(request, response);
    const closed = onRequest(request, response);
    response.on('close', () => {
      ended();
      closed();
    });
  });
  return {
    node,
    listen: (port, host) => listen(node, { port, host, isSecure: certificate !== null }),
    async close(graceMs) {
      if (!node.listening) return;
      const closed = new Promise<void>((resolve) => node.close(() => resolve()));
      for (const socket of silent.values()) socket.destroy();
      http1.close();
      http2?.close();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function createNode({ limits, certificate, http2 }: ListenerOptions): Server {
  const shared: ServerOptions = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.arrivalTimeoutMs,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: limits.keepAliveMs,
    noDelay: true,
    // Whoever offers something else, such as the HTTP/2 of old, is answered as if he did not.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  const node = certificate
    ? createSecureNode(certificate, { shared, limits, http2 })
    : createServer(shared);
  node.timeout = limits.idleTimeoutMs;
  node.on('clientError', refuseUnreadable);
  return node;
}

function createSecureNode(
  certificate: TlsCertificate,
  {
    shared,
    limits,
    http2,
  }: { shared: ServerOptions; limits: ListenerLimits; http2: Http2Limits | null },
): Server {
  const node = createSecureServer({
    ...shared,
    ...certificate.pair(),
    ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    handshakeTimeout: limits.headersTimeoutMs,
  });
  certificate.onRenewal((pair) => node.setSecureContext(pair));
  return node;
}

function createHttp2({
  http2,
  limits,
  onRequest,
  onRefused,
  onHttp2Sessions: onSessions,
}: ListenerOptions): Http2Sessions | null {
  return http2 && serveHttp2({ ...limits, limits: http2, onRequest, onRefused, onSessions });
}

/** Node could not parse the request or lost patience with it; there is no response object. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  const { code = '' } = error;
  // A failed handshake leaves nobody who could read an answer.
  const isGone = code === 'ECONNRESET' || /^ERR_(SSL|TLS)_/.test(code) || !socket.writable;
  if (isGone) return void socket.destroy();
  const [status, message] = UNREADABLE[code] ?? ['400 Bad Request', 'Not HTTP'];
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  // The other side may never end its half.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const UNREADABLE: Readonly<Record<string, [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive'],
};

function listen(
  node: Server,
  { port, host, isSecure }: { port: number; host: string; isSecure: boolean },
): Promise<{ port: number; url: string }> {
  return new Promise((resolve, reject) => {
    node.once('error', reject);
    node.listen(port, host, () => {
      node.off('error', reject);
      const { port: actualPort } = node.address() as AddressInfo;
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({ port: actualPort, url: `${isSecure ? 'https' : 'http'}://${name}:${actualPort}` });
    });
  });
}
