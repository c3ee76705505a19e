import { Organization } from '../entities/organization.ts';
import type { Tenant } from '../tenant.ts';

/** The tenant's own organization, if it is among `ids`: a tenant sees no other. */
export async function findOrganizations(
  { em, organizationId }: Tenant,
  ids: readonly string[],
): Promise<Organization[]> {
  if (!ids.includes(organizationId)) return [];
  return em.find(Organization, { id: organizationId });
}
