import type { Budget } from './budgets.ts';

/** The header that says who is calling. */
export type Credential = { header: { name: string; value: string } };

/** One call of a document. */
export type Call = {
  /** Partners send the id that they registered, everybody else the text. */
  document: { id: string } | { body: string };
  /** Null calls as nobody. */
  credential: Credential | null;
  variables: Readonly<Record<string, unknown>>;
  /** False loads every object by itself, which shows what batching saves. */
  batching?: boolean;
};

/** An answer without any error, and what it took. */
export type Measured = { data: Readonly<Record<string, unknown>>; cost: Budget };

/** Sends the call to the gateway; throws when the answer has errors or user errors. */
export async function measure(gatewayUrl: string, call: Call): Promise<Measured> {
  const response = await fetch(`${gatewayUrl}/graphql`, {
    method: 'POST',
    headers: headersOf(call),
    body: JSON.stringify(bodyOf(call)),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { data, errors } = (await response.json()) as Answer;
  if (errors || !data) throw new Error(`The answer has errors: ${JSON.stringify(errors)}`);
  for (const payload of Object.values(data)) {
    const { userErrors = [] } = (payload ?? {}) as { userErrors?: unknown[] };
    if (userErrors.length > 0) throw new Error(`Refused: ${JSON.stringify(userErrors)}`);
  }
  return { data, cost: costOf(response.headers.get('server-timing') ?? '') };
}

const TIMEOUT_MS = 30_000;

type Answer = { data?: Record<string, unknown> | null; errors?: unknown };

function headersOf({ credential, batching = true }: Call): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(credential ? { [credential.header.name]: credential.header.value } : {}),
    ...(batching ? {} : { 'x-quantumroute-batching': 'off' }),
  };
}

function bodyOf({ document, variables }: Call): object {
  if ('body' in document) return { query: document.body, variables };
  return { variables, extensions: { persistedQuery: { version: 1, sha256Hash: document.id } } };
}

/** `fetches;desc="5", sql;desc="12";dur=3.4`; a gateway in production does not tell. */
function costOf(serverTiming: string): Budget {
  const [, fetches, sqlStatements] =
    /fetches;desc="(\d+)", sql;desc="(\d+)"/.exec(serverTiming) ?? [];
  if (fetches === undefined || sqlStatements === undefined) {
    throw new Error(`Server-Timing needs fetches and sql, got "${serverTiming}"`);
  }
  return { fetches: Number(fetches), sqlStatements: Number(sqlStatements) };
}
