import type { Caller } from '../identity/caller.ts';

/**
 * What another credential on an open connection means for what runs there. `same`: it goes on.
 * `narrower`: what was admitted may not be allowed any more. `other`: it is of somebody else.
 */
export type Renewal = 'same' | 'narrower' | 'other';

/** Compares who a connection belongs to with who shows a credential on it now. */
export function renewalOf(present: Caller, shown: Caller): Renewal {
  const isSame =
    present.client === shown.client &&
    WHO.every((name) => present.identity[name] === shown.identity[name]);
  if (!isSame) return 'other';
  const { scopes } = shown.identity;
  return present.identity.scopes.every((scope) => scopes.includes(scope)) ? 'same' : 'narrower';
}

const WHO = ['kind', 'subject', 'organizationId', 'partnerId', 'driverId'] as const;
