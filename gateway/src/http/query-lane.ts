import type { IncomingMessage, ServerResponse } from 'node:http';
import { openScope } from '@quantumroute/ops/http-scope';
import { runInRequest } from '@quantumroute/ops/request';
import type { Span } from '@quantumroute/ops/tracing';
import type { AdmitOperation } from '../admission/admit-operation.ts';
import { sendable, toByteText } from '../byte-text.ts';
import type { ByteText } from '../byte-text.ts';
import type { AnswerCache } from '../caching/answer-cache.ts';
import { boundErrors } from '../errors/mask.ts';
import type { ErrorMask } from '../errors/mask.ts';
import type { Execution } from '../execution/execution.ts';
import type { Caller } from '../identity/caller.ts';
import { noTimings, timingsHeader } from '../upstream/timings.ts';
import { answerHeaders } from './finished-answer.ts';
import type { FinishedAnswer } from './finished-answer.ts';
import type { AskedQuery } from './known-queries.ts';

/** What it takes to run a known query. */
export type QueryLaneParts = {
  execution: Pick<Execution, 'run'>;
  /** Null lets everybody run anything. */
  admit: AdmitOperation | null;
  answers: AnswerCache;
  mask: ErrorMask;
  deadlineMs: number;
  /** Whether answers tell what they cost. */
  serverTiming: boolean;
};

/** A known query on its way in. */
export type QueryVisit = {
  request: IncomingMessage;
  response: ServerResponse;
  span: Span | undefined;
  asked: AskedQuery;
  caller: Caller;
  generation: string;
};

/** An answer, and under which key it is kept: null when it is not. */
export type QueryAnswer = { answer: FinishedAnswer; answerKey: string | null };

/** Null for what has to take the long way after all, and has done nothing yet. */
export type QueryLane = (visit: QueryVisit) => Promise<QueryAnswer | null>;

/** Runs known queries by the executor itself: nothing of Apollo Server's pipeline is needed. */
export function createQueryLane(parts: QueryLaneParts): QueryLane {
  const { admit, answers } = parts;
  return async (visit) => {
    const { asked, caller, generation } = visit;
    const { identity } = caller;
    try {
      admit?.({ ...asked, identity });
    } catch {
      return null;
    }
    if (!answers.isKeeping) return execute(visit, null, parts);
    const answerKey = answers.keyOf({ ...asked, identity });
    const body = await answers.find(answerKey, generation);
    if (!body) return execute(visit, answerKey, parts);
    const headers = headersOf(visit, noTimings(), parts);
    return { answer: { status: 200, headers, body }, answerKey };
  };
}

async function execute(
  visit: QueryVisit,
  answerKey: string | null,
  parts: QueryLaneParts,
): Promise<QueryAnswer | null> {
  const { request, response, span, asked, caller, generation } = visit;
  const { execution, answers, deadlineMs } = parts;
  const { scope } = openScope({ request, response, deadlineMs, acceptsDeadline: false });
  if (span) {
    scope.span = span;
    span.setAttributes({
      'graphql.operation.type': 'query',
      'graphql.operation.name': asked.operationName ?? '',
    });
  }
  const timings = noTimings();
  let maxAge = Number.POSITIVE_INFINITY;
  const restrict = (policy: { maxAge: number }): void => {
    maxAge = Math.min(maxAge, policy.maxAge);
  };
  return runInRequest(scope, async () => {
    const startedAt = performance.now();
    const context = { caller, scope, timings, generation };
    const { data, errors } = await execution.run(asked, { context, restrict });
    if (data === undefined) return null;
    asked.measure({ milliseconds: performance.now() - startedAt, errors: errors.length });
    const body = sendable(textOf({ data, errors }, parts));
    const isKept = errors.length === 0 && Number.isFinite(maxAge) && maxAge > 0;
    const keptAs = isKept ? answerKey : null;
    if (keptAs !== null) answers.keep(keptAs, generation, { body, maxAge });
    const headers = headersOf(visit, timings, parts);
    return { answer: { status: 200, headers, body }, answerKey: keptAs };
  });
}

type Executed = Awaited<ReturnType<Execution['run']>>;

/** As Apollo Server writes it. */
function textOf(
  { data, errors }: { data: ByteText | null; errors: Executed['errors'] },
  { mask }: QueryLaneParts,
): ByteText {
  if (errors.length === 0) return `{"data":${data}}\n` as ByteText;
  const shown = boundErrors(errors.map((error) => mask(error.toJSON(), error)));
  return `{"data":${data},"errors":${toByteText(JSON.stringify(shown))}}\n` as ByteText;
}

function headersOf(
  { asked }: QueryVisit,
  timings: ReturnType<typeof noTimings>,
  { serverTiming }: QueryLaneParts,
): string[] {
  return answerHeaders(asked.contentType, serverTiming ? timingsHeader(timings) : null);
}
