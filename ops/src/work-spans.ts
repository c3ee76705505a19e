import { randomUUID } from 'node:crypto';
import { currentRequest, newRequestScope, runInRequest } from './request.ts';
import { endSpan, startPartSpan, startSpan, startWorkSpan } from './tracing.ts';
import type { Span } from './tracing.ts';

/**
 * Does work that no request of this process waits for in a span of its own: statements and other
 * calls that it makes belong to it. While nothing is traced the work is just done.
 */
export async function inWorkSpan<T>(
  name: string,
  {
    failureOf = () => undefined,
    ...options
  }: NonNullable<Parameters<typeof startWorkSpan>[1]> & {
    /** What went wrong although the work did not reject. */
    failureOf?: (result: T) => string | undefined;
  },
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = startWorkSpan(name, options);
  if (!span) return work(undefined);
  const scope = newRequestScope({ requestId: randomUUID() });
  scope.span = span;
  return runInRequest(scope, () => ended(span, () => work(span), failureOf));
}

/** Does a part of what is being worked at in a span within its own. */
export async function inPartSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  const span = startPartSpan(name);
  return span ? ended(span, work) : work();
}

/** Sends a statement in a span. Only its verb is told: it may hold what is nobody's business. */
export async function inStatementSpan<T>(text: string, send: () => Promise<T>): Promise<T> {
  const verb = /[a-z]+/i.exec(text)?.[0].toLowerCase() ?? 'sql';
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': verb };
  const span = startSpan(`sql ${verb}`, attributes);
  return span ? ended(span, send) : send();
}

/** The parts of a work that follow one another; what is called belongs to the present one. */
export type Phases = {
  /** The part before is over. */
  enter(name: string): void;
  end(): void;
};

/** Phases of the work in whose span this is called. */
export function spanPhases(): Phases {
  const scope = currentRequest();
  const whole = scope?.span;
  if (!scope || !whole) return { enter: () => undefined, end: () => undefined };
  const leave = () => {
    if (scope.span !== whole) scope.span?.end();
    scope.span = whole;
  };
  return {
    enter(name) {
      leave();
      scope.span = startPartSpan(name) ?? whole;
    },
    end: leave,
  };
}

async function ended<T>(
  span: Span,
  work: () => Promise<T>,
  failureOf: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  try {
    const result = await work();
    endSpan(span, failureOf(result));
    return result;
  } catch (error) {
    endSpan(span, error instanceof Error ? error.name : 'It failed');
    throw error;
  }
}
