import { failure } from '@quantumroute/ops/failures';
import { organizationOf } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';

/** What every query of a store is limited to. A partner sees what concerns its own orders only. */
export type TenantScope = {
  readonly organizationId: string;
  readonly partnerId: string | null;
};

/** Throws FORBIDDEN for a caller without an organization, or a partner without a name: fail closed. */
export function scopeOf(identity: Identity): TenantScope {
  const organizationId = organizationOf(identity);
  if (identity.kind !== 'partner') return { organizationId, partnerId: null };
  if (identity.partnerId) return { organizationId, partnerId: identity.partnerId };
  throw failure('FORBIDDEN', 'This caller is a partner without a name');
}
