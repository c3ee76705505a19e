import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import type { Answers } from './answers.ts';

/** What one request cost, as the gateway reports it in `Server-Timing`. */
export type Cost = { milliseconds: number; fetches: number; sqlStatements: number };

/** One header that says who is calling. */
export type Credential = { id: string; kind: string; header: { name: string; value: string } };

type Manifest = { operations: { id: string; name: string; body: string }[] };

const manifestOf = (client: string): Manifest =>
  JSON.parse(
    readFileSync(new URL(`../../schema/manifests/${client}.json`, import.meta.url), 'utf8'),
  ) as Manifest;

const registered = (client: string, operation: string) => {
  const found = manifestOf(client).operations.find(({ name }) => name === operation);
  if (!found) throw new Error(`the manifest of ${client} has no operation ${operation}`);
  return found;
};

/**
 * Runs registered operations of one client as one caller. Partners send the hash only; throws with
 * codes and messages of the answer's errors, and of a mutation's user errors.
 */
export function createDemoClient(options: {
  gatewayUrl: string;
  client: string;
  credential: Credential;
}) {
  const { gatewayUrl, client, credential } = options;
  const headers = { [credential.header.name]: credential.header.value };

  async function run<N extends keyof Answers>(
    operation: N,
    variables: Record<string, unknown> = {},
    { batching = true } = {},
  ): Promise<{ data: Answers[N]; cost: Cost }> {
    const { id, body } = registered(client, operation);
    const persisted = { persistedQuery: { version: 1, sha256Hash: id } };
    const startedAt = performance.now();
    const response = await fetch(`${gatewayUrl}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...headers,
        ...(batching ? {} : { 'x-quantumroute-batching': 'off' }),
      },
      body: JSON.stringify({
        operationName: operation,
        variables,
        ...(client.startsWith('partner') ? { extensions: persisted } : { query: body }),
      }),
      signal: AbortSignal.timeout(30_000),
    });
    const answer = (await response.json()) as Answer<Answers[N]>;
    const milliseconds = performance.now() - startedAt;
    if (!answer.data || answer.errors) throw new Error(describeErrors(operation, answer));
    refuseUserErrors(operation, answer.data);
    return { data: answer.data, cost: { milliseconds, ...parseCost(response) } };
  }

  async function* watch<N extends keyof Answers>(
    operation: N,
    variables: Record<string, unknown>,
    { signal }: { signal?: AbortSignal } = {},
  ) {
    const socket = createClient({
      url: `${gatewayUrl.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: headers,
      retryAttempts: 3,
    });
    signal?.addEventListener('abort', () => void socket.dispose());
    try {
      const events = socket.iterate({ query: registered(client, operation).body, variables });
      for await (const event of events) {
        if (event.errors) throw new Error(describeErrors(operation, event));
        yield event.data as Answers[N];
      }
    } finally {
      await socket.dispose();
    }
  }

  return { run, watch };
}

/** What `createDemoClient` makes. */
export type DemoClient = ReturnType<typeof createDemoClient>;

type Answer<T> = {
  data?: T | null;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
};

/** The story goes on only when each step did what it says. */
function refuseUserErrors(operation: string, data: object): void {
  const payloads = Object.values(data) as ({ userErrors?: UserError[] } | null)[];
  const errors = payloads.flatMap((payload) => payload?.userErrors ?? []);
  if (errors.length === 0) return;
  throw new Error(
    `${operation}: ${errors.map(({ code, message }) => `${code} ${message}`).join('; ')}`,
  );
}

type UserError = { code: string; message: string };

const describeErrors = (operation: string, { errors }: Answer<unknown>): string =>
  `${operation}: ${errors?.map((e) => `${String(e.extensions?.code)} ${e.message}`).join('; ')}`;

/** `fetches;desc="5", sql;desc="12";dur=3.4` */
function parseCost(response: Response): Omit<Cost, 'milliseconds'> {
  const header = response.headers.get('server-timing') ?? '';
  const count = (metric: string) =>
    Number(new RegExp(`${metric};desc="(\\d+)"`).exec(header)?.[1] ?? 0);
  return { fetches: count('fetches'), sqlStatements: count('sql') };
}
