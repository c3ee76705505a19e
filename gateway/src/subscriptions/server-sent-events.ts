import type { Framing } from './framing.ts';

/**
 * Server-sent events as graphql-sse has them: `next` for each answer and `complete` at the end. In
 * its single connection mode every event names the operation it is about.
 */
export function serverSentEvents(operationId: string | null = null): Framing {
  const before = operationId === null ? '' : `{"id":${JSON.stringify(operationId)},"payload":`;
  const after = operationId === null ? '' : '}';
  // A stream of many operations has no one cursor to come back with.
  const idOf = (cursor: string | null): string =>
    cursor === null || operationId !== null ? '' : `id: ${cursor}\n`;
  const next = (text: string, cursor: string | null): string =>
    `event: next\n${idOf(cursor)}data: ${before}${text}${after}\n\n`;
  return {
    contentType: 'text/event-stream; charset=utf-8',
    opening: ':\n\n',
    heartbeat: ':\n\n',
    result: next,
    complete:
      operationId === null
        ? 'event: complete\ndata:\n\n'
        : `event: complete\ndata: {"id":${JSON.stringify(operationId)}}\n\n`,
    // To a client "complete" means that nothing more will ever come. One that has to move needs no
    // answer: it comes back by itself.
    cut: (reason) =>
      reason.extensions?.['code'] === 'SERVICE_UNAVAILABLE'
        ? `retry: ${RETRY_MS}\n: ${reason.message}\n\n`
        : next(JSON.stringify({ errors: [reason] }), null),
  };
}

const RETRY_MS = 1_000;
