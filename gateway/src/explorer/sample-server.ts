import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createHttpServer } from '@quantumroute/ops/http';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { buildSchema, graphql } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Explorer } from './explorer.ts';

/** A small API beside the explorer, that tells as whom it was called; for tests only. */
export async function startSampleServer(explorer: Explorer): Promise<{
  url: string;
  close(): Promise<void>;
}> {
  const server = createHttpServer({
    log: createLogger({ service: 'gateway', level: 'silent' }),
    metrics: createMetrics('gateway'),
    routes: { ...explorer.routes, 'POST /graphql': answer },
  });
  const sockets = new WebSocketServer({ server: server.node, path: '/graphql' });
  const subscriptions = useServer(
    {
      schema,
      roots: { subscription: { reportsUpdated: threeFrames } },
      context: ({ connectionParams }) => ({ caller: connectionParams?.['authorization'] }),
    },
    sockets,
  );
  const { url } = await server.listen(0, '127.0.0.1');
  return {
    url,
    async close() {
      await subscriptions.dispose();
      await server.close({ graceMs: 100 });
    },
  };
}

const schema = buildSchema(`
  type Query {
    viewer: Viewer
    caller: String
  }
  type Viewer { organization: Organization }
  type Organization { timeZone: String }
  type Subscription { reportsUpdated: Report }
  type Report { id: ID status: String caller: String }
`);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { query, variables, operationName } = await readOperation(request);
  const caller = request.headers.authorization ?? request.headers['x-api-key'] ?? 'nobody';
  const rootValue = { caller, viewer: { organization: { timeZone: 'Pacific/Auckland' } } };
  const result = await graphql({
    schema,
    source: query,
    variableValues: variables ?? null,
    operationName: operationName ?? null,
    rootValue,
  });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}

type Operation = {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
};

async function readOperation(request: IncomingMessage): Promise<Operation> {
  return JSON.parse(await text(request)) as Operation;
}

async function* threeFrames(_args: unknown, { caller }: { caller: string }) {
  for (const status of ['REQUESTED', 'RUNNING', 'SUCCEEDED']) {
    yield { reportsUpdated: { id: 'rep_1', status, caller } };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
