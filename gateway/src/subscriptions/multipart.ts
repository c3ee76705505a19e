import type { IncomingMessage } from 'node:http';
import type { Framing } from './framing.ts';

/** Whether a client asks for Apollo's multipart subscription protocol, version 1.0. */
export function acceptsMultipart({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '').split(',').some((type) => {
    const [name, ...parameters] = type
      .toLowerCase()
      .replaceAll(/[\s"']/g, '')
      .split(';');
    return name === 'multipart/mixed' && parameters.includes('subscriptionspec=1.0');
  });
}

/**
 * Apollo's multipart subscription protocol: answers in `payload`, heartbeats as empty objects. What
 * ends the connection before its time stands beside a `payload` of null.
 */
export const MULTIPART: Framing = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: '\r\n--graphql',
  heartbeat: part('{}'),
  result: (text) => part(`{"payload":${text}}`),
  complete: '--\r\n',
  cut: (reason) => `${part(JSON.stringify({ payload: null, errors: [reason] }))}--\r\n`,
};

/** Each ends with the boundary of the next one, so that clients need not wait for that. */
function part(json: string): string {
  return `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}\r\n--graphql`;
}
