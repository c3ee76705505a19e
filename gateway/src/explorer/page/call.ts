import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import type { Caller, Settings } from './settings.ts';

/** Sends the editor's operations as the caller: subscriptions over a WebSocket, the rest over HTTP. */
export function fetcherFor(caller: Caller, settings: Settings): Fetcher {
  return createGraphiQLFetcher({
    url: settings.graphqlPath,
    subscriptionUrl: socketUrl(settings.graphqlPath),
    headers: headersOf(caller),
    wsConnectionParams: headersOf(caller),
    enableIncrementalDelivery: false,
    schemaFetcher: (request) => post(settings.graphqlPath, schemaReader(caller, settings), request),
  });
}

/** An operation of the page itself; null when it fails, for whatever reason. */
export async function lookUp(
  query: string,
  { caller, settings }: { caller: Caller; settings: Settings },
): Promise<unknown> {
  try {
    const answer = await post(settings.graphqlPath, caller, { query });
    return (answer as { data?: unknown }).data ?? null;
  } catch {
    return null;
  }
}

async function post(path: string, caller: Caller, request: object): Promise<object> {
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...headersOf(caller),
    },
    body: JSON.stringify(request),
  });
  return (await response.json()) as object;
}

/** Partners run registered operations only, and introspection is none: for them, another one reads. */
function schemaReader(caller: Caller, { callers }: Settings): Caller {
  if (caller.kind !== 'partner') return caller;
  return callers.find(({ kind }) => kind !== 'partner') ?? caller;
}

function headersOf({ header }: Caller): Record<string, string> {
  return header === null ? {} : { [header.name]: header.value };
}

function socketUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
