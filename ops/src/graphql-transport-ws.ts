import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { CloseCode, MessageType, parseMessage } from 'graphql-ws';
import type { Message, SubscribeMessage, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { failure } from './failures.ts';
import type { SocketLimits } from './graphql-sockets.ts';
import type { Logger } from './log.ts';

/** What an operation on a socket comes to. */
export type SocketAnswer =
  /** It never began. */
  | { kind: 'refused'; errors: readonly GraphQLFormattedError[] }
  | { kind: 'result'; result: FormattedExecutionResult }
  | { kind: 'stream'; stream: ResultSource };

/** Results whose `return` ends them at once, also while somebody waits in `next`. */
export type ResultSource = {
  next(): Promise<IteratorResult<FormattedExecutionResult, unknown>>;
  return(): Promise<unknown>;
};

/** What a session may do with its socket. */
export type SocketHandle = {
  /** Once what is being executed has been answered. A reason has 123 bytes. */
  close(code: number, reason: string): void;
  /** Every running operation ends with this error as its last answer. */
  endOperations(reason: GraphQLFormattedError): void;
};

/** What serves one socket. */
export type SocketSession = {
  /** The socket is there. */
  opened?(socket: SocketHandle): void;
  /** Takes the payload of `connection_init`; a `SocketRefusal` closes the socket with its code. */
  connect(payload: Readonly<Record<string, unknown>>): Promise<void>;
  /** Starts an operation; `signal` aborts as soon as it is over, whoever ended it. */
  open(operation: SubscribePayload, options: { signal: AbortSignal }): Promise<SocketAnswer>;
  /** Answers a ping that carries something; without it the same is sent back. */
  ping?(payload: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The connection is gone, or never became a socket. */
  left?(): void;
  /** The text of a result; default JSON.stringify. */
  textOf?(result: FormattedExecutionResult): string;
};

/** Closes a socket instead of initialising it. */
export class SocketRefusal extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.name = 'SocketRefusal';
    this.code = code;
  }
}

type TransportSocketParts = {
  socket: WebSocket;
  session: SocketSession;
  limits: SocketLimits;
  log: Logger;
};

type Operation = {
  left: AbortController;
  stream: ResultSource | null;
  reason: GraphQLFormattedError | null;
};

/**
 * The protocol graphql-transport-ws on one socket. graphql-ws has a server too; this one sends texts
 * that are made once for many sockets, takes credentials on an open socket and ends an operation at
 * once, also while its next event is awaited.
 */
export class TransportSocket {
  readonly #parts: TransportSocketParts;
  readonly #operations = new Map<string, Operation>();
  #initialising: NodeJS.Timeout | undefined;
  #state: 'new' | 'connecting' | 'ready' | 'closed' = 'new';
  #leaving: { code: number; reason: string } | null = null;

  constructor(parts: TransportSocketParts) {
    this.#parts = parts;
  }

  serve(): void {
    const { socket, session, limits, log } = this.#parts;
    socket.on('error', (error) => log.debug({ err: error }, 'socket failed'));
    if (socket.protocol === '') {
      return socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
    }
    session.opened?.({
      close: (code, reason) => this.leave(code, reason),
      endOperations: (reason) => {
        for (const operation of this.#operations.values()) end(operation, reason);
      },
    });
    this.#initialising = setTimeout(() => {
      socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
    }, limits.initTimeoutMs);
    const failed = (error: unknown): void => {
      log.error({ err: error }, 'message not handled');
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    socket.on('message', (data: Buffer) => {
      new Promise<void>((resolve) => resolve(this.#received(data.toString()))).catch(failed);
    });
    socket.once('close', () => {
      clearTimeout(this.#initialising);
      this.#state = 'closed';
      for (const operation of this.#operations.values()) end(operation, null);
      this.#operations.clear();
    });
  }

  /** Closes the socket, and begins nothing more. Whatever is to be answered once is answered first. */
  leave(code: number, reason: string): void {
    this.#leaving ??= { code, reason };
    this.#closeIfAnswered();
  }

  #closeIfAnswered(): void {
    const operations = [...this.#operations.values()];
    const isAnswered = operations.every(({ stream }) => stream !== null);
    if (this.#leaving && isAnswered) {
      this.#parts.socket.close(this.#leaving.code, this.#leaving.reason);
    }
  }

  /** Not async: a message that was awaited here would be kept for as long as its operation. */
  #received(text: string): Promise<void> | void {
    const { socket } = this.#parts;
    const message = messageOf(text);
    if (!message) return socket.close(CloseCode.BadRequest, 'Invalid message received');
    switch (message.type) {
      case MessageType.ConnectionInit:
        return this.#connect(message.payload ?? {});
      case MessageType.Subscribe:
        return this.#subscribe(message);
      case MessageType.Complete: {
        const operation = this.#operations.get(message.id);
        this.#operations.delete(message.id);
        if (operation) end(operation, null);
        return;
      }
      case MessageType.Ping:
        return this.#answerPing(message.payload);
      case MessageType.Pong:
        return;
      case MessageType.ConnectionAck:
      case MessageType.Next:
      case MessageType.Error:
        return socket.close(CloseCode.BadRequest, `Clients send no ${message.type}`);
    }
  }

  async #connect(payload: Record<string, unknown>): Promise<void> {
    const { socket, session } = this.#parts;
    if (this.#state !== 'new') {
      const reason = 'Too many initialisation requests';
      return socket.close(CloseCode.TooManyInitialisationRequests, reason);
    }
    this.#state = 'connecting';
    clearTimeout(this.#initialising);
    try {
      await session.connect(payload);
    } catch (error) {
      if (error instanceof SocketRefusal) return socket.close(error.code, error.message);
      throw error;
    }
    if (socket.readyState !== socket.OPEN) return;
    this.#state = 'ready';
    await this.#send(`{"type":"${MessageType.ConnectionAck}"}`);
  }

  async #answerPing(payload: Record<string, unknown> | undefined): Promise<void> {
    const { session } = this.#parts;
    const isHeard = payload && session.ping && this.#state === 'ready';
    const answer = isHeard ? await session.ping?.(payload) : payload;
    await this.#send(
      JSON.stringify({ type: MessageType.Pong, ...(answer && { payload: answer }) }),
    );
  }

  #subscribe({ id, payload }: SubscribeMessage): Promise<void> | void {
    const { socket, session, limits } = this.#parts;
    if (this.#state !== 'ready') return socket.close(CloseCode.Unauthorized, 'Unauthorized');
    if (this.#leaving) return;
    if (this.#operations.has(id)) {
      const reason = `Subscriber for ${id.slice(0, LONGEST_SHOWN_ID)} already exists`;
      return socket.close(CloseCode.SubscriberAlreadyExists, reason);
    }
    if (this.#operations.size >= limits.maxOperationsPerSocket) {
      const message = 'Too many operations on one socket';
      const refusal = failure('RATE_LIMITED', message, { retryAfterSeconds: 1 });
      return this.#send(frame({ id, type: MessageType.Error }, JSON.stringify([refusal])));
    }
    const operation: Operation = { left: new AbortController(), stream: null, reason: null };
    this.#operations.set(id, operation);
    const opening = session.open(payload, { signal: operation.left.signal });
    return this.#run(id, { operation, opening }).finally(() => {
      if (this.#isRunning(id, operation)) this.#operations.delete(id);
      end(operation, null);
      this.#closeIfAnswered();
    });
  }

  async #run(
    id: string,
    { operation, opening }: { operation: Operation; opening: Promise<SocketAnswer> },
  ): Promise<void> {
    const { textOf = JSON.stringify } = this.#parts.session;
    const before = `{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":`;
    const next = (result: FormattedExecutionResult): Promise<void> | undefined =>
      this.#send(`${before}${textOf(result)}}`);
    const answer = await opening;
    if (answer.kind === 'stream') {
      operation.stream = answer.stream;
      this.#closeIfAnswered();
    }
    if (operation.left.signal.aborted) await operation.stream?.return();
    if (!this.#isRunning(id, operation)) return;
    if (answer.kind === 'refused') {
      return this.#send(frame({ id, type: MessageType.Error }, JSON.stringify(answer.errors)));
    }
    if (answer.kind === 'result') await next(answer.result);
    else await this.#sendAll(answer.stream, next);
    if (!this.#isRunning(id, operation)) return;
    if (operation.reason) await next({ errors: [operation.reason] });
    await this.#send(frame({ id, type: MessageType.Complete }));
  }

  async #sendAll(
    stream: ResultSource,
    next: (result: FormattedExecutionResult) => Promise<void> | undefined,
  ): Promise<void> {
    for (let event = await stream.next(); !event.done; event = await stream.next()) {
      const sent = next(event.value);
      // Awaiting nothing costs a turn of its own for each of thousands of sockets.
      if (sent) await sent;
    }
  }

  #isRunning(id: string, operation: Operation): boolean {
    return this.#operations.get(id) === operation;
  }

  /** Something to wait for while the client reads slowly, so that nothing piles up here. */
  #send(text: string): Promise<void> | undefined {
    const { socket, limits } = this.#parts;
    if (socket.readyState !== socket.OPEN) return undefined;
    const waitingBytes = socket.bufferedAmount;
    if (waitingBytes > limits.maxBufferedBytes) {
      socket.terminate();
      return undefined;
    }
    if (waitingBytes <= UNHURRIED_BYTES) {
      socket.send(text);
      return undefined;
    }
    return new Promise((resolve) => socket.send(text, () => resolve()));
  }
}

const UNHURRIED_BYTES = 64_000;
const LONGEST_SHOWN_ID = 50;

function messageOf(text: string): Message | null {
  try {
    return parseMessage(text);
  } catch {
    return null;
  }
}

/** Around a payload that is text already. */
function frame({ id, type }: { id: string; type: MessageType }, payload?: string): string {
  const start = `{"id":${JSON.stringify(id)},"type":"${type}"`;
  return payload === undefined ? `${start}}` : `${start},"payload":${payload}}`;
}

function end(operation: Operation, reason: GraphQLFormattedError | null): void {
  if (operation.left.signal.aborted) return;
  operation.reason = reason;
  operation.left.abort();
  void operation.stream?.return();
}
