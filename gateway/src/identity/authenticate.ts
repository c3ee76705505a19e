import { failure } from '@quantumroute/ops/failures';
import { ANONYMOUS_CALLER } from './caller.ts';
import type { Caller } from './caller.ts';
import type { PartnerKeyReader } from './partner-keys.ts';
import type { TokenReader } from './tokens.ts';

/** What a client shows of itself: in HTTP headers, or in the payload of `connection_init`. */
export type Credentials = { authorization?: string | undefined; apiKey?: string | undefined };

/** Tells who shows these credentials. */
export type Authenticator = (credentials: Credentials) => Promise<Caller>;

/**
 * Nothing shown is the anonymous caller; anything shown must be right. Rejects with UNAUTHENTICATED,
 * never falling back to anonymous, so that a client learns at once that its token has expired.
 */
export function createAuthenticator({
  readToken,
  readPartnerKey,
}: {
  readToken: TokenReader;
  readPartnerKey: PartnerKeyReader;
}): Authenticator {
  return async ({ authorization, apiKey }) => {
    if (authorization !== undefined && apiKey !== undefined) {
      throw failure('UNAUTHENTICATED', 'Send a token or an API key, not both');
    }
    if (apiKey !== undefined) return readPartnerKey(apiKey);
    if (authorization === undefined) return ANONYMOUS_CALLER;
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization)?.[1];
    if (token === undefined) {
      throw failure('UNAUTHENTICATED', 'The authorization must read "Bearer <token>"');
    }
    return readToken(token);
  };
}
