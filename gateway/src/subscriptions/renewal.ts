import { failure } from '@quantumroute/ops/failures';
import type { GraphQLError } from 'graphql';
import type { Caller } from '../identity/caller.ts';
import type { LiveConnection } from './live-connections.ts';

/**
 * Keeps a connection open for as long as another credential is valid, which must be of the same
 * caller: throws FORBIDDEN. What runs was admitted with the scopes of the present one; when the
 * other has fewer, this is the reason with which all of it has to end.
 */
export function renew(
  connection: LiveConnection,
  { present, shown }: { present: Caller; shown: Caller },
): GraphQLError | null {
  const isSame =
    present.client === shown.client &&
    WHO.every((name) => present.identity[name] === shown.identity[name]);
  if (!isSame) throw failure('FORBIDDEN', 'The credential is of another caller');
  connection.belongsTo(shown);
  const { scopes } = shown.identity;
  if (present.identity.scopes.every((scope) => scopes.includes(scope))) return null;
  return failure('FORBIDDEN', 'The new credential allows less: subscribe again');
}

const WHO = ['kind', 'subject', 'organizationId', 'partnerId', 'driverId'] as const;
