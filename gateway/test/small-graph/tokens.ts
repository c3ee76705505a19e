import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';

/** Signs tokens that the gateway accepts, and others. */
export type TokenMint = {
  jwksUrl: string;
  sign(claims: JWTPayload, options?: { expiresIn?: string; issuer?: string }): Promise<string>;
  /** A token of a user of `organization` with these scopes. */
  user(organization: string, ...scopes: string[]): Promise<string>;
  remove(): Promise<void>;
};

/** Two organizations, as ids for clients and as uuids. */
export const ORGANIZATIONS = [newId(), newId()].map((uuid) => ({
  uuid,
  id: encodeId('organization', uuid),
})) as [{ uuid: string; id: string }, { uuid: string; id: string }];

/** A key pair whose public half is in a file. */
export async function createTokenMint(): Promise<TokenMint> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const folder = await mkdtemp(join(tmpdir(), 'gateway-keys-'));
  const file = join(folder, 'jwks.json');
  const key = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
  await writeFile(file, JSON.stringify({ keys: [key] }));
  const sign: TokenMint['sign'] = (claims, { expiresIn = '5m', issuer = 'quantumroute' } = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience('quantumroute')
      .setExpirationTime(expiresIn)
      .sign(privateKey);
  return {
    jwksUrl: pathToFileURL(file).href,
    sign,
    user: (organization, ...scopes) =>
      sign({ sub: 'usr_1', org: organization, scope: scopes.join(' ') }),
    remove: () => rm(folder, { recursive: true }),
  };
}
