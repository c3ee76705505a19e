import type { IncomingMessage } from 'node:http';
import type { Credentials } from './authenticate.ts';

/** What an HTTP request shows of its caller. */
export function credentialsIn({ headers }: IncomingMessage): Credentials {
  const apiKey = headers['x-api-key'];
  return {
    authorization: headers.authorization,
    apiKey: Array.isArray(apiKey) ? apiKey.join(', ') : apiKey,
  };
}
