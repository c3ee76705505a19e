import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { type LocalSecrets, publicKeySet } from './local-secrets.ts';
import { inProject } from './project.ts';
import { credentialsFile, keySetFile } from './service-environment.ts';

/** One way to call the gateway. */
export type DemoCredential = {
  /** Short name, such as `dispatcher`. */
  id: string;
  /** Who that is, for people. */
  label: string;
  kind: 'user' | 'driver' | 'partner';
  header: { name: string; value: string };
  scopes: readonly string[];
};

/** The content of `demo-credentials.json`. */
export type DemoCredentials = {
  gatewayUrl: string;
  /** Instant after which the tokens are refused. */
  expiresAt: string;
  credentials: readonly DemoCredential[];
};

/**
 * Signs a token for each identity of the demo data, valid 30 days, and writes the key set and the
 * credentials into `directory`.
 */
export async function writeDemoCredentials({
  directory,
  secrets,
  gatewayUrl,
  env,
}: {
  directory: string;
  secrets: LocalSecrets;
  gatewayUrl: string;
  /** Its JWT_ISSUER and JWT_AUDIENCE are those of the tokens. */
  env: NodeJS.ProcessEnv;
}): Promise<DemoCredentials> {
  const { tokens, apiKeys } = await demoIdentities();
  const expiresAt = new Date(Date.now() + VALID_DAYS * 86_400_000);
  const sign = await tokenSigner({ secrets, env, expiresAt });
  const ofTokens = tokens.map(async ({ id, label, kind, claims }): Promise<DemoCredential> => {
    const value = `Bearer ${await sign(claims)}`;
    return { id, label, kind, header: { name: 'authorization', value }, scopes: scopesOf(claims) };
  });
  const ofKeys = apiKeys.map(({ id, label, key, scopes }): DemoCredential => {
    return { id, label, kind: 'partner', header: { name: 'x-api-key', value: key }, scopes };
  });
  const written: DemoCredentials = {
    gatewayUrl,
    expiresAt: expiresAt.toISOString(),
    credentials: [...(await Promise.all(ofTokens)), ...ofKeys],
  };
  mkdirSync(directory, { recursive: true });
  writeJson(keySetFile(directory), publicKeySet(secrets));
  writeJson(credentialsFile(directory), written);
  return written;
}

const VALID_DAYS = 30;

type Identities = {
  tokens: { id: string; label: string; kind: 'user' | 'driver'; claims: JWTPayload }[];
  apiKeys: { id: string; label: string; key: string; scopes: string[] }[];
};

/** The room that makes the data knows its people: it prints them as claims. */
async function demoIdentities(): Promise<Identities> {
  const program = inProject('perf/data/print-identities.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  return JSON.parse(stdout) as Identities;
}

async function tokenSigner({
  secrets,
  env,
  expiresAt,
}: {
  secrets: LocalSecrets;
  env: NodeJS.ProcessEnv;
  expiresAt: Date;
}) {
  const { signingKey } = secrets;
  const key = await importJWK(signingKey, 'ES256');
  return (claims: JWTPayload): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: signingKey.kid ?? '' })
      .setIssuer(env['JWT_ISSUER'] || 'quantumroute')
      .setAudience(env['JWT_AUDIENCE'] || 'quantumroute')
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(key);
}

function scopesOf({ scope }: JWTPayload): string[] {
  return typeof scope === 'string' ? scope.split(' ') : [];
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}
