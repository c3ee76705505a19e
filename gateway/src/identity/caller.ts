import { ANONYMOUS } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';

/** Who calls, and what the gateway alone needs to know about it. */
export type Caller = {
  identity: Identity;
  /** The manifest that a partner's operations must be in. */
  client: string | null;
  /** Milliseconds since the epoch after which the credential is worth nothing; null for never. */
  expiresAt: number | null;
};

/** A caller without any credential. */
export const ANONYMOUS_CALLER: Caller = Object.freeze({
  identity: ANONYMOUS,
  client: null,
  expiresAt: null,
});
