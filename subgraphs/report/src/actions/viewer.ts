import { failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import { organizationOf } from '@quantumroute/ops/identity';

import type { Viewer } from '../storage/report-queries.ts';

/** Whose reports this caller may see. Throws FORBIDDEN for a caller who belongs nowhere. */
export function viewerOf(identity: Identity): Viewer {
  const organizationId = organizationOf(identity);
  if (identity.kind === 'partner' && identity.partnerId === null) {
    throw failure('FORBIDDEN', 'This caller belongs to no partner');
  }
  return { organizationId, partnerId: identity.partnerId, subject: identity.subject };
}
