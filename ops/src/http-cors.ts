import type { IncomingMessage, ServerResponse } from 'node:http';

/** Which pages may call. Origins are compared as they are: `https://app.example.com`. */
export type CorsOptions = { origins: readonly string[] };

/** Sets the headers that let allowed pages read the answer. True when a preflight is answered. */
export function applyCors(
  request: IncomingMessage,
  response: ServerResponse,
  { origins }: CorsOptions,
): boolean {
  const origin = request.headers.origin;
  if (!origin) return false;
  response.setHeader('vary', 'Origin');
  const isPreflight =
    request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
  if (origins.includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-expose-headers', 'x-request-id, retry-after');
    if (isPreflight) allowPreflight(request, response);
  }
  if (isPreflight) response.writeHead(204).end();
  return isPreflight;
}

const PREFLIGHT_SECONDS = '600';

function allowPreflight(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE');
  response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  const asked = request.headers['access-control-request-headers'];
  if (asked) response.setHeader('access-control-allow-headers', asked);
}
