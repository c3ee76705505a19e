import { failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import { decodeId } from '@quantumroute/schema/ids';
import type { IdType } from '@quantumroute/schema/ids';
import { errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Caller } from './caller.ts';

/** Turns a bearer token into a caller. */
export type TokenReader = (token: string) => Promise<Caller>;

/**
 * Checks signature, issuer, audience and expiry, then the claims. Rejects with UNAUTHENTICATED
 * whatever is wrong with the token, and with SERVICE_UNAVAILABLE when the keys cannot be had.
 */
export function createTokenReader({
  keys,
  issuer,
  audience,
}: {
  keys: JWTVerifyGetKey;
  issuer: string;
  audience: string;
}): TokenReader {
  return async (token) => {
    const payload = await verify(token, { keys, issuer, audience });
    const claims = tokenClaims.safeParse(payload);
    if (!claims.success) throw refused('its claims are not usable', claims.error);
    return callerOf(claims.data);
  };
}

// A shared secret must never be taken for a public key, so that only asymmetric algorithms count.
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 5;

const tokenClaims = z.object({
  sub: z.string().min(1).max(200),
  exp: z.number(),
  org: idClaim('organization'),
  partner: idClaim('partner'),
  driver: idClaim('driver'),
  client: z.string().min(1).max(100).nullish(),
  scope: z
    .union([z.string(), z.array(z.string())])
    .default('')
    .transform((scope) =>
      (Array.isArray(scope) ? scope : scope.split(' ')).filter((word) => word !== ''),
    ),
});

async function verify(
  token: string,
  { keys, issuer, audience }: { keys: JWTVerifyGetKey; issuer: string; audience: string },
) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'exp'],
    });
    return payload;
  } catch (error) {
    if (!isFaultOfToken(error)) {
      const message = 'The keys that check tokens cannot be read now';
      const outage = failure('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 1 });
      outage.cause = error;
      throw outage;
    }
    const isExpired = error instanceof errors.JWTExpired;
    throw refused(isExpired ? 'it has expired' : 'it is not one of ours', error);
  }
}

function isFaultOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
  );
}

function refused(why: string, cause: unknown) {
  const refusal = failure('UNAUTHENTICATED', `The token is not accepted: ${why}`);
  refusal.cause = cause;
  return refusal;
}

function callerOf(claims: z.infer<typeof tokenClaims>): Caller {
  const identity: Identity = {
    kind: claims.partner ? 'partner' : claims.driver ? 'driver' : 'user',
    subject: claims.sub,
    organizationId: claims.org,
    partnerId: claims.partner,
    driverId: claims.driver,
    scopes: claims.scope,
  };
  return { identity, client: claims.client ?? null, expiresAt: claims.exp * 1000 };
}

function idClaim(type: IdType) {
  return z
    .string()
    .nullish()
    .transform((id, context): string | null => {
      if (id === undefined || id === null) return null;
      const uuid = decodeId(type, id);
      if (uuid === null) context.addIssue(`needs the id of one ${type}`);
      return uuid;
    });
}
