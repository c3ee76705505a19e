import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createServer } from 'node:http2';
import type { Http2Server, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { Http2Request, Http2Response } from './http2-messages.ts';

/** How much HTTP/2 clients may open. */
export type Http2Limits = {
  /** Requests at the same time on one connection; more are refused. Default 250. */
  streams: number;
  /** Connections at the same time; more are closed at once. Default 10,000. */
  sessions: number;
};

/** The connections that speak HTTP/2. */
export type Http2Sessions = {
  /** Serves a connection on which nothing was read yet. */
  accept(socket: Duplex): void;
  /** Connections take no further requests, and end with their last answer. */
  close(): void;
};

/** What `serveHttp2` needs beside its limits. */
export type Http2Options = {
  limits: Http2Limits;
  /** Time for a whole request to arrive. */
  arrivalTimeoutMs: number;
  /** Time in which a client reads nothing of an answer; large ones get more. */
  idleTimeoutMs: number;
  /** Time that a connection without requests is kept. */
  keepAliveMs: number;
  /** Gives what is to be called once the response is closed. */
  onRequest: (request: IncomingMessage, response: ServerResponse) => () => void;
  /** To be answered: the headers are too large, or the body did not arrive in time. */
  onRefused: (response: ServerResponse, why: 'headers' | 'late') => void;
  /** Is told how many connections there are, whenever that changes. */
  onSessions: (open: number) => void;
};

/**
 * Serves HTTP/2 on connections that somebody else has accepted. Floods of frames, of refused and of
 * reset requests end a connection, as does a client that leaves it idle.
 */
export function serveHttp2(options: Http2Options): Http2Sessions {
  const { limits, onRequest, onRefused, onSessions } = options;
  const server = createHttp2Server(limits);
  const sessions = new Map<ServerHttp2Session, () => void>();
  server.on('request', (request, response) => {
    boundArrival(request, response, options);
    const isTooLarge = sizeOf(request.rawHeaders) > LONGEST_HEADERS_BYTES;
    if (isTooLarge) onRefused(asHttp1Response(response), 'headers');
    else response.on('close', onRequest(asHttp1(request), asHttp1Response(response)));
  });
  return {
    accept(socket) {
      if (sessions.size >= limits.sessions) return refuseConnection(socket);
      const session = openSession(server, socket);
      sessions.set(session, watchSession(session, { ...options, socket }));
      onSessions(sessions.size);
      session.once('close', () => {
        sessions.delete(session);
        onSessions(sessions.size);
      });
    },
    close() {
      for (const leave of sessions.values()) leave();
    },
  };
}

const LONGEST_HEADERS_BYTES = 16_384;
const LEAVING_MS = 1_000;
const SLOWEST_BYTES_PER_MS = 10;
// Empty SETTINGS, with which a server has to begin, and GOAWAY with the code ENHANCE_YOUR_CALM.
const REFUSAL = Buffer.from('000000040000000000000008070000000000000000000000000b', 'hex');

type OurServer = Http2Server<
  typeof IncomingMessage,
  typeof ServerResponse,
  typeof Http2Request,
  typeof Http2Response
>;

function createHttp2Server({ streams }: Http2Limits): OurServer {
  return createServer({
    Http2ServerRequest: Http2Request,
    Http2ServerResponse: Http2Response,
    settings: {
      maxConcurrentStreams: streams,
      // As node:http has it.
      maxHeaderListSize: LONGEST_HEADERS_BYTES,
    },
    // In MB, most of it answers that wait for their client: with more, new requests are refused.
    maxSessionMemory: 50,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    // Requests that a client may take back at once, and for each second after that.
    streamResetBurst: 1_000,
    streamResetRate: 33,
  });
}

/** Without a session: none may be destroyed in the moment in which Node makes it. */
function refuseConnection(socket: Duplex): void {
  socket.on('error', () => undefined);
  // What is unread would turn the end into a reset, which takes the answer with it.
  socket.resume().end(REFUSAL);
  const cut = setTimeout(() => socket.destroy(), LEAVING_MS);
  socket.once('close', () => clearTimeout(cut));
}

/** As HTTP/2 counts them, roughly. Clients may send before they have read our settings. */
function sizeOf(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((bytes, text) => bytes + text.length, 0);
}

/** The server tells of a new session before `emit` returns. */
function openSession(server: OurServer, socket: Duplex): ServerHttp2Session {
  let opened: ServerHttp2Session | undefined;
  server.once('session', (session) => {
    opened = session;
  });
  server.emit('connection', socket as never);
  if (!opened) throw new Error('A connection becomes a session');
  return opened;
}

/**
 * Ends a session that nobody uses, and its connection too when the client does not end its half;
 * ends answers that the client does not read. Gives what ends the session after its last answer.
 */
function watchSession(
  session: ServerHttp2Session,
  { socket, keepAliveMs, idleTimeoutMs }: Http2Options & { socket: Duplex },
): () => void {
  const answers = new Map<ServerHttp2Stream, Unread>();
  const cutSoon = (): void => void setTimeout(() => socket.destroy(), LEAVING_MS).unref();
  const leave = (): void => {
    session.close();
    if (answers.size === 0) cutSoon();
  };
  const idle = setTimeout(() => {
    if (answers.size === 0) leave();
  }, keepAliveMs);
  const stalled = setInterval(() => endStalled(answers, idleTimeoutMs), idleTimeoutMs);
  session.once('close', () => {
    clearTimeout(idle);
    clearInterval(stalled);
  });
  session.on('stream', (stream: ServerHttp2Stream) => {
    answers.set(stream, { bytes: 0, since: 0 });
    stream.once('close', () => {
      answers.delete(stream);
      if (answers.size > 0) return;
      if (session.closed) cutSoon();
      else idle.refresh();
    });
  });
  return leave;
}

/** What waits for the client, and since when just as much of it. */
type Unread = { bytes: number; since: number };

/**
 * Node's own timeouts of streams are put off by whatever else is sent on the connection. It does not
 * tell how much of one write is sent either, so that much of it takes long.
 */
function endStalled(answers: Map<ServerHttp2Stream, Unread>, idleTimeoutMs: number): void {
  const now = performance.now();
  for (const [stream, unread] of answers) {
    const bytes = stream.bufferSize;
    if (bytes === 0 || bytes !== unread.bytes) {
      answers.set(stream, { bytes, since: now });
    } else if (now - unread.since > idleTimeoutMs + bytes / SLOWEST_BYTES_PER_MS) {
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }
}

/** One request whose body stays away must not be hidden by the others of its connection. */
function boundArrival(
  request: Http2Request,
  response: Http2Response,
  { arrivalTimeoutMs, onRefused }: Http2Options,
): void {
  if (request.complete) return;
  const { stream } = request;
  const late = setTimeout(() => {
    if (!request.complete) onRefused(asHttp1Response(response), 'late');
  }, arrivalTimeoutMs);
  stream.once('close', () => clearTimeout(late));
  // Who is answered already need not send the rest.
  stream.once('finish', () => {
    if (!request.complete) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}

// Node made these classes to stand for those of `node:http`; their types do not say so.
const asHttp1 = (request: Http2Request): IncomingMessage => request as unknown as IncomingMessage;
const asHttp1Response = (response: Http2Response): ServerResponse =>
  response as unknown as ServerResponse;
