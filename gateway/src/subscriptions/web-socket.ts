import type { Server } from 'node:http';
import { serveGraphqlSockets } from '@quantumroute/ops/graphql-sockets';
import type { SocketLimits } from '@quantumroute/ops/graphql-sockets';
import type { Logger } from '@quantumroute/ops/log';
import type { Authenticator } from '../identity/authenticate.ts';
import { clientAddress } from '../identity/client-key.ts';
import { checkOrigin } from '../identity/origin-check.ts';
import type { LiveConnections } from './live-connections.ts';
import type { OpenOperation } from './open-operation.ts';
import { ClientSession } from './client-session.ts';

/** Serves graphql-ws beside an HTTP server, until it is closed. */
export type SocketServer = { close(options: { graceMs: number }): Promise<void> };

/**
 * graphql-ws on `path`. The credentials come in the payload of `connection_init`, as
 * `authorization` or `x-api-key`, and newer ones in that of a `ping`. Whatever is wrong with an
 * operation ends that operation only.
 */
export function serveSockets({
  node,
  path,
  origins,
  trustedProxies,
  authenticate,
  openOperation,
  connections,
  limits,
  log,
}: {
  node: Server;
  path: string;
  /** Pages of other origins that may connect. */
  origins: readonly string[];
  /** Proxies in front that tell where a request comes from. */
  trustedProxies: number;
  authenticate: Authenticator;
  openOperation: OpenOperation;
  connections: LiveConnections;
  limits: Partial<SocketLimits>;
  log: Logger;
}): SocketServer {
  return serveGraphqlSockets({
    node,
    path,
    log,
    limits: { ...limits, maxSockets: Number.POSITIVE_INFINITY },
    admit(request) {
      checkOrigin(request, origins);
      const address = clientAddress(request, trustedProxies);
      return new ClientSession({ authenticate, openOperation, connections, address });
    },
  });
}
