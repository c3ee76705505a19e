import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createLocalJWKSet, createRemoteJWKSet, errors } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';

/**
 * The public keys that tokens are checked with, from an http(s) or file URL. Both notice new keys: a
 * key that is not known makes them look again, but not more often than every few seconds.
 */
export function openKeySet(url: URL): JWTVerifyGetKey {
  if (url.protocol === 'file:') return keySetOfFile(fileURLToPath(url));
  return createRemoteJWKSet(url, {
    timeoutDuration: 2_000,
    cooldownDuration: LOOK_AGAIN_MS,
    cacheMaxAge: 600_000,
  });
}

const LOOK_AGAIN_MS = 5_000;

function keySetOfFile(path: string): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let readAt = 0;
  const read = async (): Promise<JWTVerifyGetKey> => {
    readAt = Date.now();
    keys = createLocalJWKSet(JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet);
    return keys;
  };
  return async (header, token) => {
    try {
      return await (keys ?? (await read()))(header, token);
    } catch (error) {
      const isNews =
        error instanceof errors.JWKSNoMatchingKey && Date.now() - readAt > LOOK_AGAIN_MS;
      if (!isNews) throw error;
      return (await read())(header, token);
    }
  };
}
