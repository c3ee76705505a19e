import type { EntityManager } from '@mikro-orm/postgresql';
import { PartnerApiKey } from '../entities/partner-api-key.ts';
import { Partner } from '../entities/partner.ts';
import type { Tenant } from '../tenant.ts';

export async function findPartners(
  { em, organizationId }: Tenant,
  ids: readonly string[],
): Promise<Partner[]> {
  return em.find(Partner, { organizationId, id: { $in: [...ids] } });
}

/** The one read that crosses tenants: it says which tenant a key belongs to. */
export async function findApiKey(em: EntityManager, sha256: string): Promise<PartnerApiKey | null> {
  return em.findOne(PartnerApiKey, { sha256, revokedAt: null });
}
