import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HTTPGraphQLResponse } from '@apollo/server';
import type { Lane } from '@quantumroute/ops/http';
import { keepBody, readSmallBody } from '@quantumroute/ops/http-body';
import { REQUEST_ID_HEADER, requestIdOf } from '@quantumroute/ops/http-scope';
import type { Metrics } from '@quantumroute/ops/metrics';
import { LRUCache } from 'lru-cache';
import { organizationKey } from '../caching/answer-cache.ts';
import type { AnswerStore, KeptAnswer } from '../caching/answer-store.ts';
import type { Generations } from '../caching/generations.ts';
import { credentialsIn } from '../identity/http-credentials.ts';
import type { KnownCaller, KnownCallers } from '../identity/known-callers.ts';
import { noTimings, timingsHeader } from '../upstream/timings.ts';
import type { Arrival } from './arrival.ts';
import { createSharedAnswers } from './shared-answers.ts';
import type { PendingAnswer } from './shared-answers.ts';

/** What the lane needs. */
export type AnswerLaneParts = {
  known: KnownCallers['known'];
  /** Null when no answers are kept; equal requests in flight share one all the same. */
  store: AnswerStore | null;
  generations: Generations;
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
 * Recognises requests by their bytes, before anything of them is parsed: one that was admitted here
 * for the same group of callers is answered from what is near, and equal ones of the same caller
 * that are being answered share one answer. Everything else takes the long way.
 */
export function createAnswerLane(parts: AnswerLaneParts): AnswerLane {
  const { known, store, generations, metrics } = parts;
  const admitted = new LRUCache<string, Admitted>({
    max: MOST_ADMITTED,
    maxSize: MOST_ADMITTED_CHARACTERS,
    sizeCalculation: (_admitted, key) => key.length,
  });
  const notes = new WeakMap<IncomingMessage, Note>();
  const hits = metrics.cacheRequests.labels({ cache: 'response', outcome: 'hit' });
  const joined = metrics.cacheRequests.labels({ cache: 'in_flight', outcome: 'hit' });

  const arrive = (visit: Visit): void => {
    const caller = known(credentialsIn(visit.request));
    if (!caller) return visit.serve();
    const key = `${caller.group}${acceptOf(visit.request)}\n${visit.body}`;
    const before = admitted.get(key);
    if (!before) return serveNoted(visit, { key, generation: undefined });
    const organization = organizationKey(caller.caller.identity);
    void generations
      .current(organization)
      .then((generation) => goOn(visit, { caller, key, before, generation }));
  };
  const goOn = (visit: Visit, { caller, key, before, generation }: Recognised): void => {
    if (visit.response.destroyed) return;
    if (generation === null) return serveNoted(visit, { key, generation });
    const kept = store?.near(before.answerKey, generation);
    if (kept) {
      hits.inc();
      return sendKept(visit, { kept, contentType: before.contentType }, parts);
    }
    const sharedKey = `${generation}\n${caller.self}${key}`;
    if (shared.join(sharedKey, visit)) return joined.inc();
    const pending = shared.begin(sharedKey);
    visit.response.once('close', () => pending.end());
    serveNoted(visit, { key, generation, pending });
  };
  const serveNoted = ({ request, serve }: Visit, noted: Omit<Note, 'admitted'>): void => {
    const note: Note = {
      ...noted,
      admitted(answerKey) {
        note.answerKey = answerKey;
      },
    };
    notes.set(request, note);
    serve();
  };
  const shared = createSharedAnswers<Visit, SharedAnswer>({
    onAnswer: sendShared,
    onNothing: arrive,
  });

  return {
    lane(request, response, serve) {
      if (!isPlain(request)) return serve();
      readSmallBody(request, (bytes) =>
        arrive({
          request,
          response,
          body: bytes.toString('latin1'),
          serve() {
            keepBody(request, bytes);
            serve();
          },
        }),
      );
    },
    arrivalOf: (request) => notes.get(request),
    answered(request, answer) {
      const note = notes.get(request);
      if (!note) return;
      const { key, answerKey, pending } = note;
      const contentType = answer.headers.get('content-type');
      if (answerKey !== undefined && contentType !== undefined) {
        admitted.set(key, { answerKey, contentType });
      }
      if (pending) pending.end(pending.isAwaited ? sharedOf(answer) : undefined);
    },
  };
}

/** A request whose body is here. Each character of `body` is one byte. */
type Visit = {
  request: IncomingMessage;
  response: ServerResponse;
  serve: () => void;
  body: string;
};

/** A query that passed admission, for everybody of one group. */
type Admitted = { answerKey: string; contentType: string };

type Recognised = {
  caller: KnownCaller;
  key: string;
  before: Admitted;
  generation: string | null;
};

type Note = Arrival & { key: string; answerKey?: string; pending?: PendingAnswer<SharedAnswer> };

/** One answer, written once for all who wait for it. */
type SharedAnswer = { status: number; headers: HTTPGraphQLResponse['headers']; bytes: Buffer };

const MOST_ADMITTED = 20_000;
const MOST_ADMITTED_CHARACTERS = 16_000_000;
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

function sendKept(
  { request, response }: Visit,
  { kept, contentType }: { kept: KeptAnswer; contentType: string },
  { serverTiming }: AnswerLaneParts,
): void {
  const headers = [
    REQUEST_ID_HEADER,
    requestIdOf(request),
    'cache-control',
    'no-store',
    'content-type',
    contentType,
    'content-length',
    String(kept.bytes),
  ];
  if (serverTiming) headers.push('server-timing', timingsHeader(noTimings()));
  response.writeHead(200, headers);
  response.end(kept.text, kept.encoding);
}

/** Undefined for an answer in several parts, which cannot be shared. */
function sharedOf({ status = 200, headers, body }: HTTPGraphQLResponse): SharedAnswer | undefined {
  if (body.kind !== 'complete') return undefined;
  return { status, headers, bytes: Buffer.from(body.string) };
}

/** Errors in it carry the id of the request that it was made for: that one is in the logs. */
function sendShared({ request, response }: Visit, { status, headers, bytes }: SharedAnswer): void {
  if (response.destroyed) return;
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader(REQUEST_ID_HEADER, requestIdOf(request));
  response.setHeader('content-length', bytes.length);
  response.writeHead(status);
  response.end(bytes);
}
