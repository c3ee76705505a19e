import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Connections that speak HTTP/1.1, and what is being answered on each. */
export type HttpConnections = {
  opened(socket: Socket): void;
  /** Gives what is to be called once the response is closed. */
  began(request: IncomingMessage, response: ServerResponse): () => void;
  /** Connections take no further requests, and end with their last answer. */
  close(): void;
};

/** Follows connections from `opened` on. */
export function trackConnections(): HttpConnections {
  const connections = new Map<Socket, Set<ServerResponse>>();
  let closing = false;
  const ended = (socket: Socket, response: ServerResponse): void => {
    const inFlight = connections.get(socket);
    inFlight?.delete(response);
    if (closing && (inFlight?.size ?? 0) === 0) socket.destroySoon();
  };
  return {
    opened(socket) {
      connections.set(socket, new Set());
      socket.once('close', () => connections.delete(socket));
    },
    began({ socket }, response) {
      connections.get(socket)?.add(response);
      if (closing) response.setHeader('connection', 'close');
      return () => ended(socket, response);
    },
    close() {
      closing = true;
      for (const [socket, inFlight] of connections) {
        if (inFlight.size === 0) socket.destroySoon();
        for (const response of inFlight) {
          if (!response.headersSent) response.setHeader('connection', 'close');
        }
      }
    },
  };
}
