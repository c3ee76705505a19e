import type { ServerResponse } from 'node:http';
import { failure } from '@quantumroute/ops/failures';
import { HttpError } from '@quantumroute/ops/http-error';
import type { GraphQLError } from 'graphql';
import type { Caller } from '../identity/caller.ts';
import type { HttpStreamParts } from './http-streams.ts';
import type { LiveConnection } from './live-connections.ts';
import type { OperationRequest } from './open-operation.ts';
import { openPacedResponse } from './paced-response.ts';
import type { PacedResponse } from './paced-response.ts';
import { renew } from './renewal.ts';
import { frameOf } from './result-frame.ts';
import { runOperation } from './running-operation.ts';
import type { RunningOperation } from './running-operation.ts';
import { serverSentEvents } from './server-sent-events.ts';

type ReservedStreamParts = Pick<HttpStreamParts, 'openOperation' | 'connections' | 'pace'> & {
  maxOperations: number;
  reservationMs: number;
  caller: Caller;
  address: string;
  onEnd: () => void;
};

/** There is none with this token, or none any more. */
export function noStream(): HttpError {
  return new HttpError(404, 'There is no such stream', { code: 'NOT_FOUND' });
}

/** An event stream that was reserved: its operations, and the response that their answers go to. */
export class ReservedStream {
  readonly #parts: ReservedStreamParts;
  readonly #connection: LiveConnection;
  readonly #operations = new Map<string, RunningOperation>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #deadline: NodeJS.Timeout;
  #caller: Caller;
  #paced: PacedResponse | undefined;
  #state: 'reserved' | 'open' | 'ended' = 'reserved';

  constructor(parts: ReservedStreamParts) {
    const { connections, caller, address, reservationMs } = parts;
    this.#parts = parts;
    this.#caller = caller;
    const end = (reason: GraphQLError): void => this.#end(reason);
    this.#connection = connections.enter({ kind: 'streams', caller, address, end });
    this.#deadline = setTimeout(() => this.#end(), reservationMs);
  }

  /** Opens the stream: once, because events must not be shared among connections. */
  attach(response: ServerResponse): void {
    if (this.#state !== 'reserved') throw new HttpError(409, 'The stream is open already');
    if (response.destroyed) return;
    this.#state = 'open';
    clearTimeout(this.#deadline);
    response.once('close', () => this.#end());
    const { pace } = this.#parts;
    this.#paced = openPacedResponse(response, { framing: serverSentEvents(), pace });
    this.#opened.resolve();
  }

  /** Starts an operation; its answers are sent as soon as the stream is open. */
  start(id: string, operation: OperationRequest): void {
    const { openOperation, maxOperations } = this.#parts;
    if (this.#state === 'ended') throw noStream();
    if (this.#operations.has(id)) throw new HttpError(409, 'There is an operation with this id');
    if (this.#operations.size >= maxOperations) {
      const message = 'Too many operations on one stream';
      throw failure('RATE_LIMITED', message, { retryAfterSeconds: 1 });
    }
    const seat = this.#connection.startOperation();
    const running = runOperation(operation, { openOperation, caller: this.#caller });
    this.#operations.set(id, running);
    const leave = (): void => {
      seat.leave();
      if (this.#operations.get(id) === running) this.#operations.delete(id);
    };
    this.#send(id, running).then(leave, () => {
      leave();
      this.#end();
    });
  }

  /** The client has enough of an operation, and wants to hear nothing more of it. */
  stop(id: string): void {
    const running = this.#operations.get(id);
    this.#operations.delete(id);
    running?.end();
  }

  /** Another credential of the same caller; operations that it may not cover end with FORBIDDEN. */
  renew(shown: Caller): void {
    const reason = renew(this.#connection, { present: this.#caller, shown });
    this.#caller = shown;
    if (!reason) return;
    for (const running of this.#operations.values()) running.end(reason);
  }

  async #send(id: string, running: RunningOperation): Promise<void> {
    const framing = serverSentEvents(id);
    await this.#opened.promise;
    const reason = await running.send(async (result) => this.#write(frameOf(result, framing)));
    if (this.#state === 'ended' || this.#operations.get(id) !== running) return;
    if (reason) await this.#write(framing.cut(reason.toJSON()));
    await this.#write(framing.complete);
  }

  async #write(text: string): Promise<void> {
    await this.#paced?.write(text);
  }

  #end(reason?: GraphQLError): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearTimeout(this.#deadline);
    this.#opened.resolve();
    for (const [id, running] of this.#operations) {
      if (reason) void this.#write(serverSentEvents(id).cut(reason.toJSON()));
      running.end();
    }
    this.#paced?.end();
    this.#parts.onEnd();
    this.#connection.leave();
  }
}
