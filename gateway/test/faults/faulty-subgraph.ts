import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A subgraph of people that misbehaves in one way. */
export type FaultySubgraph = {
  url: string;
  requests: { headers: IncomingHttpHeaders; body: string }[];
  /** Requests whose caller left before the answer. */
  abandoned: number;
  close(): Promise<void>;
};

/** Starts it on a free port. */
export async function startFaultySubgraph(behave: RequestListener): Promise<FaultySubgraph> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.once('end', () => {
      subgraph.requests.push({ headers: request.headers, body });
      response.once('close', () => {
        if (!response.writableFinished) subgraph.abandoned += 1;
      });
      behave(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const subgraph: FaultySubgraph = {
    url: `http://127.0.0.1:${port}/graphql`,
    requests: [],
    abandoned: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return subgraph;
}

/** Answers with a GraphQL result, or any other text. */
export function answering(
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): RequestListener {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };
}
