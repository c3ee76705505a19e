import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HTTPGraphQLResponse } from '@apollo/server';
import type { EnvelopBridge } from '@quantumroute/ops/envelop';
import type { Lane } from '@quantumroute/ops/http';
import { keepBody, readSmallBody } from '@quantumroute/ops/http-body';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Span } from '@quantumroute/ops/tracing';
import { organizationKey } from '../caching/answer-cache.ts';
import type { AnswerCache } from '../caching/answer-cache.ts';
import { sendable, toByteText } from '../byte-text.ts';
import type { Generations } from '../caching/generations.ts';
import { credentialsIn } from '../identity/http-credentials.ts';
import type { KnownCaller, KnownCallers } from '../identity/known-callers.ts';
import { noTimings, timingsHeader } from '../upstream/timings.ts';
import { createAdmittedRequests, seenRequest } from './admitted-requests.ts';
import type { Admitted, SeenRequest } from './admitted-requests.ts';
import type { Arrival } from './arrival.ts';
import { answerHeaders, sendAnswer } from './finished-answer.ts';
import type { FinishedAnswer } from './finished-answer.ts';
import { createKnownQueries } from './known-queries.ts';
import type { AskedQuery } from './known-queries.ts';
import type { QueryLane } from './query-lane.ts';
import { createSharedAnswers } from './shared-answers.ts';
import type { PendingAnswer } from './shared-answers.ts';

/** What the lane needs. */
export type AnswerLaneParts = {
  known: KnownCallers['known'];
  answers: AnswerCache;
  generations: Generations;
  /** Runs queries that are known, whatever their variables. */
  runQuery: QueryLane;
  meterOf: EnvelopBridge['meterOf'];
  metrics: Metrics;
  /** Whether answers tell what they cost, which is nothing here. */
  serverTiming: boolean;
};

/** The short way of requests that were seen before, and what the long way has to tell it. */
export type AnswerLane = {
  lane: Lane;
  /** Undefined for a request that the lane could not read. */
  arrivalOf(request: IncomingMessage): Arrival | undefined;
  /** To be told of every answer of the long way. */
  answered(request: IncomingMessage, answer: HTTPGraphQLResponse): void;
};

/**
 * Recognises requests that were admitted here for the same group of callers, and leads them round
 * the pipeline. By their bytes, before anything is parsed: the answer is at hand, or an equal one of
 * the same caller is being made. By the query alone: it is run at once. Everything else takes the
 * long way.
 */
export function createAnswerLane(parts: AnswerLaneParts): AnswerLane {
  const { known, answers, generations, runQuery, meterOf, metrics, serverTiming } = parts;
  const admitted = createAdmittedRequests();
  const queries = createKnownQueries();
  const notes = new WeakMap<IncomingMessage, Note>();
  const joined = metrics.cacheRequests.labels({ cache: 'in_flight', outcome: 'hit' });
  const shared = createSharedAnswers<Visit, FinishedAnswer>({
    onAnswer: sendAnswer,
    onNothing: (visit) => arrive(visit),
  });
  const noCost = serverTiming ? timingsHeader(noTimings()) : null;

  const arrive = (visit: Visit): void => {
    const caller = known(credentialsIn(visit.request));
    if (!caller) return visit.serve();
    const accept = acceptOf(visit.request);
    const seen = seenRequest(visit.body, {
      group: `${caller.group}${accept}\n`,
      groupMark: (caller.groupMark ^ accept.length) >>> 0,
    });
    const before = admitted.find(seen);
    const asked = before ? undefined : queries.recognise(visit.body, seen.group);
    if (!before && !asked) return serveNoted(visit, { seen, generation: undefined });
    void generations
      .current(organizationKey(caller.caller.identity))
      .then((generation) => goOn(visit, { caller, seen, before, asked, generation }));
  };
  const goOn = (visit: Visit, recognised: Recognised): void => {
    const { caller, seen, before, generation } = recognised;
    if (visit.response.destroyed) return;
    if (generation === null) return serveNoted(visit, { seen, generation });
    const kept = before && answers.near(before.answerKey, generation);
    if (kept) {
      const headers = answerHeaders(before.contentType, noCost);
      return sendAnswer(visit, { status: 200, headers, body: kept });
    }
    const sharedKey = `${generation}\n${caller.self}${seen.group}${seen.text}`;
    if (shared.join(sharedKey, visit)) return joined.inc();
    const pending = shared.begin(sharedKey);
    visit.response.on('close', () => pending.end());
    const note = { seen, generation, pending };
    const asked = recognised.asked ?? queries.recognise(visit.body, seen.group);
    if (!asked) return serveNoted(visit, note);
    void runQuery({ ...visit, asked, caller: caller.caller, generation }).then(
      (answered) => {
        if (!answered) return serveNoted(visit, note);
        const { answer, answerKey } = answered;
        const { contentType } = asked;
        if (answerKey !== null) admitted.add(seen, { answerKey, contentType });
        sendAnswer(visit, answer);
        pending.end(answer);
      },
      // The long way fails in the same way, and knows whom to tell.
      () => serveNoted(visit, note),
    );
  };
  const serveNoted = (
    { request, body, serve }: Visit,
    { seen, generation, pending }: Noted,
  ): void => {
    const note: Note = {
      generation,
      pending,
      admitted(query, answerKey) {
        note.learn = (contentType) => {
          admitted.add(seen, { answerKey, contentType });
          const { contextValue, ...rest } = query;
          queries.learn(body, seen.group, { ...rest, contentType, measure: meterOf(contextValue) });
        };
      },
    };
    notes.set(request, note);
    serve();
  };

  return {
    lane(request, response, { serve, span }) {
      if (!isPlain(request)) return serve();
      readSmallBody(request, (body) =>
        arrive({
          request,
          response,
          span,
          body,
          serve() {
            keepBody(request, body);
            serve();
          },
        }),
      );
    },
    arrivalOf: (request) => notes.get(request),
    answered(request, answer) {
      const note = notes.get(request);
      if (!note) return;
      const contentType = answer.headers.get('content-type');
      if (contentType !== undefined) note.learn?.(contentType);
      const { pending } = note;
      if (pending) pending.end(pending.isAwaited ? finishedOf(answer) : undefined);
    },
  };
}

/** A request whose body is here. */
type Visit = {
  request: IncomingMessage;
  response: ServerResponse;
  span: Span | undefined;
  serve: () => void;
  body: Buffer;
};

type Recognised = {
  caller: KnownCaller;
  seen: SeenRequest;
  before: Admitted | undefined;
  asked: AskedQuery | undefined;
  generation: string | null;
};

type Noted = Pick<Recognised, 'seen'> & {
  generation: string | null | undefined;
  pending?: PendingAnswer<FinishedAnswer>;
};

type Note = Arrival & {
  /** Remembers what was asked, once it is known in which form it was answered. */
  learn?: (contentType: string) => void;
  pending?: PendingAnswer<FinishedAnswer> | undefined;
};

const LONGEST_BODY_BYTES = 32_000;
const LONGEST_ACCEPT = 200;

/** A small POST of JSON that asks for an answer in one piece, as nearly all are. */
function isPlain({ method, headers, url = '' }: IncomingMessage): boolean {
  if (method !== 'POST' || url.includes('?')) return false;
  if (headers['content-encoding'] !== undefined) return false;
  if (headers['x-quantumroute-batching'] !== undefined) return false;
  const { 'content-type': type = '', accept = '' } = headers;
  const isJson = type === 'application/json' || /^application\/json; ?charset=utf-8$/i.test(type);
  const bytes = Number(headers['content-length']);
  if (!isJson || !(bytes > 0 && bytes <= LONGEST_BODY_BYTES)) return false;
  return accept.length <= LONGEST_ACCEPT && !/event-stream|multipart/i.test(accept);
}

function acceptOf({ headers }: IncomingMessage): string {
  return headers.accept ?? '';
}

/** Undefined for an answer in several parts, which cannot be shared. */
function finishedOf({ status = 200, headers, body }: HTTPGraphQLResponse) {
  if (body.kind !== 'complete') return undefined;
  return { status, headers: [...headers].flat(), body: sendable(toByteText(body.string)) };
}
