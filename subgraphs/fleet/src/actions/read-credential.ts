import { failure } from '@quantumroute/ops/failures';
import { encodeId } from '@quantumroute/schema/ids';
import type { FleetContext } from '../context.ts';
import type { PartnerCredential } from '../resolvers/schema-types.ts';
import { findApiKey } from '../storage/stores/partners.ts';

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** What an API key may do; null for one that is unknown or revoked. */
export async function readCredential(
  { em, identity }: FleetContext,
  sha256: string,
): Promise<PartnerCredential | null> {
  if (identity.kind !== 'service') throw failure('FORBIDDEN', 'Only services read credentials');
  if (!SHA256_HEX.test(sha256)) return null;
  const key = await findApiKey(em, sha256);
  return (
    key && {
      partnerId: encodeId('partner', key.partnerId),
      organizationId: encodeId('organization', key.organizationId),
      client: key.client,
      scopes: key.scopes,
    }
  );
}
