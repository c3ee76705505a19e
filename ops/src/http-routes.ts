import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';
import type { Span } from './tracing.ts';

/** Answers one request. What it throws becomes a JSON answer. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Sees a request before anything is done for it: it has no scope, signal or deadline yet. A lane
 * answers by itself, or calls `serve` for the ordinary way; it never throws.
 */
export type Lane = (request: IncomingMessage, response: ServerResponse, way: OrdinaryWay) => void;

/** What a lane needs of the way that it leaves out. */
export type OrdinaryWay = {
  serve(): void;
  /** Set while the request is traced. */
  span: Span | undefined;
};

/** A handler, or one without deadline: for answers that stream as long as they like. */
export type Route = Handler | { handler: Handler; deadline: false; lane?: Lane };

/** The route of a request, under a name that is fit for metrics. */
export type MatchedRoute = { name: string; handler: Handler; deadline: boolean; lane?: Lane };

/** Finds routes by method and path. Gives what a request is refused with when there is none. */
export function compileRoutes(
  routes: Readonly<Record<string, Route>>,
): (request: IncomingMessage) => MatchedRoute | HttpError {
  const exact = new Map<string, Map<string, MatchedRoute>>();
  const prefixes: [string, Map<string, MatchedRoute>][] = [];
  for (const [key, route] of Object.entries(routes)) {
    const [, method = '*', path = '/'] = /^(?:([A-Z]+) )?(\S+)$/.exec(key) ?? [];
    const matched: MatchedRoute =
      typeof route === 'function'
        ? { name: path, handler: route, deadline: true }
        : { name: path, ...route };
    const byMethod = exact.get(path) ?? new Map<string, MatchedRoute>();
    byMethod.set(method, matched);
    if (method === 'GET') byMethod.set('HEAD', matched);
    if (!exact.has(path) && path.endsWith('/*')) prefixes.push([path.slice(0, -1), byMethod]);
    exact.set(path, byMethod);
  }
  return ({ method = 'GET', url = '/' }) => {
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    const byMethod = exact.get(path) ?? prefixes.find(([prefix]) => path.startsWith(prefix))?.[1];
    if (!byMethod) return new HttpError(404, 'There is nothing here', { code: 'NOT_FOUND' });
    return (
      byMethod.get(method) ??
      byMethod.get('*') ??
      new HttpError(405, `${[...byMethod.keys()].join(', ')} only`)
    );
  };
}
