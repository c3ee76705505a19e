import type { GraphQLError } from 'graphql';
import { failure } from './failures.ts';

/**
 * The failure that a caller sees for an error of the database: SERVICE_UNAVAILABLE while the server
 * is away, DEADLINE_EXCEEDED for a statement that took too long, null for everything else (a
 * mistake of ours). Looks through wrapped errors.
 */
export function databaseFailure(error: unknown): GraphQLError | null {
  for (const cause of causesOf(error)) {
    if (isTooSlow(cause)) return failure('DEADLINE_EXCEEDED', 'The data did not arrive in time');
    if (isAway(cause)) return failure('SERVICE_UNAVAILABLE', 'The data store is away, try again');
  }
  return null;
}

const MAX_CAUSES = 10;

type DatabaseError = Error & { code?: unknown };

function causesOf(error: unknown): DatabaseError[] {
  const causes: DatabaseError[] = [];
  let current = error;
  while (current instanceof Error && causes.length < MAX_CAUSES) {
    causes.push(current);
    current =
      'originalError' in current && current.originalError instanceof Error
        ? current.originalError
        : current.cause;
  }
  return causes;
}

// 57014: canceled by statement timeout or by us; 55P03: lock timeout.
function isTooSlow({ code, message }: DatabaseError): boolean {
  return code === '57014' || code === '55P03' || message === 'Query read timeout';
}

// Classes 08 (connection), 53 (resources), 57P (operator intervention) of PostgreSQL.
function isAway({ code, message }: DatabaseError): boolean {
  if (typeof code === 'string' && /^(08...|53...|57P..|25P03|25P04)$/.test(code)) return true;
  if (typeof code === 'string' && NETWORK_CODES.has(code)) return true;
  return CLIENT_MESSAGES.some((start) => message.startsWith(start));
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

// The driver gives these no code.
const CLIENT_MESSAGES = [
  'Connection terminated',
  'Connection ended',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Client has encountered a connection error',
  'Client was closed',
  'Cannot use a pool after calling end',
];
