import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../graph/operations.ts';

/** What a server answers to an operation, as text. */
export async function ask(url: string, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  return response.text();
}

/** The body of a request for it. */
export function bodyOf({ query }: Operation): string {
  return JSON.stringify({ query });
}

/** Whether it is the right data, and nothing but data. */
export function isRight(answer: string, operation: Operation): boolean {
  try {
    const { data, errors } = JSON.parse(answer) as { data?: unknown; errors?: unknown };
    return errors === undefined && isDeepStrictEqual(data, operation.data);
  } catch {
    return false;
  }
}
