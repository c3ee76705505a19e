import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server, and what is being answered on each. */
export type HttpConnections = {
  began(request: IncomingMessage, response: ServerResponse): void;
  ended(request: IncomingMessage, response: ServerResponse): void;
  /** Stops accepting, lets requests in flight finish within `graceMs`, then cuts. */
  close(graceMs: number): Promise<void>;
};

/** Follows the connections of `node` from now on. */
export function trackConnections(node: Server): HttpConnections {
  const connections = new Map<Socket, Set<ServerResponse>>();
  let closing = false;
  node.on('connection', (socket) => {
    connections.set(socket, new Set());
    socket.once('close', () => connections.delete(socket));
  });
  return {
    began({ socket }, response) {
      connections.get(socket)?.add(response);
      if (closing) response.setHeader('connection', 'close');
    },
    ended({ socket }, response) {
      const inFlight = connections.get(socket);
      inFlight?.delete(response);
      if (closing && (inFlight?.size ?? 0) === 0) socket.destroySoon();
    },
    async close(graceMs) {
      closing = true;
      if (!node.listening) return;
      const closed = new Promise<void>((resolve) => node.close(() => resolve()));
      for (const [socket, inFlight] of connections) {
        if (inFlight.size === 0) socket.destroySoon();
        for (const response of inFlight) {
          if (!response.headersSent) response.setHeader('connection', 'close');
        }
      }
      const cut = setTimeout(() => {
        for (const socket of connections.keys()) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
