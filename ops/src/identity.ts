import { createSecretKey, createHash } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { failure } from './failures.ts';

/** Who is calling. Ids are raw uuids; the caller never chooses them by an argument. */
export type Identity = {
  kind: 'user' | 'driver' | 'partner' | 'service' | 'anonymous';
  /** Stable name of the caller, unique in its organization. */
  subject: string;
  organizationId: string | null;
  partnerId: string | null;
  driverId: string | null;
  scopes: readonly string[];
};

/** A caller who has shown nothing. */
export const ANONYMOUS: Identity = Object.freeze({
  kind: 'anonymous',
  subject: 'anonymous',
  organizationId: null,
  partnerId: null,
  driverId: null,
  scopes: Object.freeze([]),
});

/** The header that carries the signed identity from the gateway to a subgraph. */
export const IDENTITY_HEADER = 'x-quantumroute-identity';

/**
 * Signs identities for the subgraphs: compact JWS, HS256, valid for 60 s. Tokens are reused for
 * half of their life, so that signing is not paid for on every request.
 */
export function createIdentitySigner(secret: string): {
  sign(identity: Identity): Promise<string>;
} {
  const key = keyOf(secret);
  const tokens = new LRUCache<string, Promise<string>>({ max: CACHE_SIZE, ttl: REUSE_MS });
  return {
    sign(identity) {
      const cacheKey = JSON.stringify(CLAIMS.map((claim) => identity[claim]));
      const known = tokens.get(cacheKey);
      if (known) return known;
      const token = signToken(identity, key);
      tokens.set(cacheKey, token);
      return token;
    },
  };
}

/** Verifies what a signer with the same secret signed. Rejects with UNAUTHENTICATED. */
export function createIdentityVerifier(secret: string): {
  verify(token: string): Promise<Identity>;
} {
  const key = keyOf(secret);
  const verified = new LRUCache<string, { identity: Identity; expiresAt: number }>({
    max: CACHE_SIZE,
  });
  return {
    async verify(token) {
      const digest = createHash('sha256').update(token).digest('base64');
      const known = verified.get(digest);
      if (known && known.expiresAt > Date.now()) return known.identity;
      const fresh = await verifyToken(token, key);
      verified.set(digest, fresh);
      return fresh.identity;
    },
  };
}

/** The organization that everything is scoped by. Throws FORBIDDEN when the caller has none. */
export function organizationOf(identity: Identity): string {
  if (identity.organizationId) return identity.organizationId;
  throw failure('FORBIDDEN', 'This caller belongs to no organization');
}

const AUDIENCE = 'quantumroute-subgraphs';
const ISSUER = 'quantumroute-gateway';
const LIFE_SECONDS = 60;
const REUSE_MS = 30_000;
const CACHE_SIZE = 5_000;
const CLAIMS = ['kind', 'subject', 'organizationId', 'partnerId', 'driverId', 'scopes'] as const;

const identityClaims = z.object({
  kind: z.enum(['user', 'driver', 'partner', 'service', 'anonymous']),
  subject: z.string().min(1),
  organizationId: z.uuid().nullable(),
  partnerId: z.uuid().nullable(),
  driverId: z.uuid().nullable(),
  scopes: z.array(z.string()),
});

function keyOf(secret: string) {
  return createSecretKey(Buffer.from(secret, 'utf8'));
}

async function signToken(identity: Identity, key: ReturnType<typeof keyOf>): Promise<string> {
  const claims = Object.fromEntries(CLAIMS.map((claim) => [claim, identity[claim]]));
  return new SignJWT({ identity: claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${LIFE_SECONDS} s`)
    .sign(key);
}

async function verifyToken(token: string, key: ReturnType<typeof keyOf>) {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience: AUDIENCE,
      issuer: ISSUER,
      requiredClaims: ['exp'],
    });
    const identity: Identity = Object.freeze(identityClaims.parse(payload['identity']));
    return { identity, expiresAt: (payload.exp ?? 0) * 1000 };
  } catch (error) {
    const refusal = failure('UNAUTHENTICATED', 'The identity token is not valid');
    refusal.cause = error;
    throw refusal;
  }
}
