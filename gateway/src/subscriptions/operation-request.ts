import type { IncomingMessage } from 'node:http';
import { hasJsonBody, readJson } from '@quantumroute/ops/http-body';
import { HttpError } from '@quantumroute/ops/http-error';
import { z } from 'zod';
import type { OperationRequest } from './open-operation.ts';

/**
 * The operation that an HTTP request carries: in its body, or in the parameters of a GET. Rejects
 * with 400, 405, 413 or 415.
 */
export async function readOperation(request: IncomingMessage): Promise<OperationRequest> {
  const given = request.method === 'GET' ? parametersOf(request) : await bodyOf(request);
  const parsed = operationShape.safeParse(given);
  if (!parsed.success) throw new HttpError(400, 'The request holds no GraphQL operation');
  const { query, operationName, variables, extensions } = parsed.data;
  const cursor = lastSeen(request);
  return {
    ...(query === undefined ? {} : { query }),
    ...(operationName ? { operationName } : {}),
    ...(variables ? { variables } : {}),
    ...(extensions || cursor ? { extensions: { ...extensions, ...cursor } } : {}),
  };
}

/** An event source that connects again sends the same address, and the last cursor it has seen. */
function lastSeen({ headers }: IncomingMessage): { cursor: string } | undefined {
  const cursor = headers['last-event-id'];
  return typeof cursor === 'string' && cursor !== '' ? { cursor } : undefined;
}

/** A parameter of the address. */
export function parameterOf({ url = '' }: IncomingMessage, name: string): string | null {
  const start = url.indexOf('?');
  return start < 0 ? null : new URLSearchParams(url.slice(start + 1)).get(name);
}

const operationShape = z.object({
  query: z.string().optional(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

/** A page of another origin may send other types without asking first. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST') throw new HttpError(405, 'GET, POST only');
  if (!hasJsonBody(request))
    throw new HttpError(415, 'The body needs content-type application/json');
  return readJson(request);
}

function parametersOf(request: IncomingMessage): Record<string, unknown> {
  const json = (name: string): unknown => {
    const text = parameterOf(request, name);
    try {
      return text ? JSON.parse(text) : undefined;
    } catch {
      throw new HttpError(400, `The parameter ${name} is not valid JSON`);
    }
  };
  return {
    query: parameterOf(request, 'query') ?? undefined,
    operationName: parameterOf(request, 'operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
}
