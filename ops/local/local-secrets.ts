import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** What a local stack keeps to itself. */
export type LocalSecrets = {
  postgresPassword: string;
  serviceIdentitySecret: string;
  downloadSecret: string;
  /** Private key (ES256) that signs the demo's tokens. */
  signingKey: JWK;
};

/** Reads the secrets from `file`, or makes them there (readable by its owner only). */
export async function localSecrets(file: string): Promise<LocalSecrets> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  const secret = () => randomBytes(32).toString('base64url');
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  const secrets: LocalSecrets = {
    postgresPassword: secret(),
    serviceIdentitySecret: secret(),
    downloadSecret: secret(),
    signingKey: { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid },
  };
  mkdirSync(dirname(file), { recursive: true });
  // The database's password is in it: half of it must never be all that is left.
  writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** The public half of the signing key, as the key set that the gateway reads. */
export function publicKeySet({ signingKey }: LocalSecrets): { keys: JWK[] } {
  const { d: _private, ...publicKey } = signingKey;
  return { keys: [publicKey] };
}
