import { createHash } from 'node:crypto';
import type { Identity } from '@quantumroute/ops/identity';
import type { PreparedOperation } from '../execution/execution.ts';

/**
 * Who may share a subscription: same operation, same variables, same rights. It also binds a cursor,
 * so that one is of no use for anything else. As JSON, since `a:b` + `c` must not be `a` + `b:c`.
 */
export function shareKeyOf(operation: PreparedOperation, identity: Identity): string {
  const { queryHash, operationName, variables } = operation;
  const { kind, subject, organizationId, partnerId, driverId, scopes } = identity;
  const rights = [kind, subject, organizationId, partnerId, driverId, [...new Set(scopes)].sort()];
  const parts = [queryHash, operationName, sorted(variables), rights];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/**
 * Whom a subscription is run as: the caller, but nameless unless the operation depends on who he is.
 * Should a field depend on it unannounced, it shows nobody's instead of another's.
 */
export function sharedIdentity(
  identity: Identity,
  { isPersonal }: { isPersonal: boolean },
): Identity {
  return isPersonal ? identity : { ...identity, subject: '(shared)' };
}

/** Two clients may write the same variables in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([name, each]) => [name, sorted(each)]);
}
