import { failure } from '@quantumroute/ops/failures';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { GraphQLError } from 'graphql';
import type { Caller } from '../identity/caller.ts';
import { clientKeyOf } from '../identity/client-key.ts';
import { createTally } from './tally.ts';
import type { Seat } from './tally.ts';

/** A socket or a stream that a client keeps open. */
export type LiveConnection = {
  /** Whose it is from now on; throws RATE_LIMITED. It ends when the caller's token expires. */
  belongsTo(caller: Caller): void;
  /** Counts an operation until the seat is left; throws RATE_LIMITED or SERVICE_UNAVAILABLE. */
  startOperation(): Seat;
  /** Must be called when the connection is gone, however that came. */
  leave(): void;
};

/** How many connections and operations may be open at the same time. */
export type LiveLimits = {
  sockets: number;
  streams: number;
  operations: number;
  connectionsPerClient: number;
  operationsPerClient: number;
};

/** Everything that stays open, so that it is counted, ends with its token, and moves in time. */
export type LiveConnections = {
  /** Throws RATE_LIMITED or SERVICE_UNAVAILABLE, both with `retryAfterSeconds`. */
  enter(connection: {
    kind: 'sockets' | 'streams';
    caller: Caller;
    address: string;
    /** Called at most once, with what to tell the client. The connection then ends by itself. */
    end: (reason: GraphQLError) => void;
  }): LiveConnection;
  /** Nobody enters any more, and everybody is told to move, spread evenly over `withinMs`. */
  drain(options: { withinMs: number }): Promise<void>;
};

/** Connections within `limits`. */
export function createLiveConnections(
  limits: LiveLimits,
  metrics: Pick<Metrics, 'liveOpen'>,
): LiveConnections {
  const tallies = createTallies(limits, metrics);
  const open = new Set<Guest>();
  const emptied = Promise.withResolvers<void>();
  let isDraining = false;
  return {
    enter({ kind, caller, address, end }) {
      if (isDraining) throw stopping();
      const seat = tallies[kind].take(address);
      try {
        const guest = new Guest({ tallies, address, end, seat });
        guest.belongsTo(caller);
        open.add(guest);
        guest.onLeave = () => {
          open.delete(guest);
          if (isDraining && open.size === 0) emptied.resolve();
        };
        return guest;
      } catch (error) {
        seat.leave();
        throw error;
      }
    },
    async drain({ withinMs }) {
      isDraining = true;
      if (open.size === 0) return;
      for (const guest of open) guest.moveWithin(withinMs);
      const latest = setTimeout(emptied.resolve, withinMs + LEAVING_MS);
      await emptied.promise;
      clearTimeout(latest);
    },
  };
}

type Tallies = ReturnType<typeof createTallies>;

function createTallies(limits: LiveLimits, { liveOpen }: Pick<Metrics, 'liveOpen'>) {
  const counted = (kind: 'sockets' | 'streams' | 'operations') => {
    const gauge = liveOpen.labels({ kind });
    gauge.set(0);
    return { total: limits[kind], onChange: (taken: number) => gauge.set(taken) };
  };
  return {
    sockets: createTally(counted('sockets')),
    streams: createTally(counted('streams')),
    connections: createTally({ perClient: limits.connectionsPerClient }),
    operations: createTally({
      ...counted('operations'),
      perClient: limits.operationsPerClient,
    }),
  };
}

const LEAVING_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function stopping(): GraphQLError {
  return failure('SERVICE_UNAVAILABLE', 'The gateway is stopping', { retryAfterSeconds: 1 });
}

type GuestParts = {
  tallies: Tallies;
  address: string;
  end: (reason: GraphQLError) => void;
  seat: Seat;
};

class Guest implements LiveConnection {
  onLeave: () => void = () => undefined;
  readonly #parts: GuestParts;
  #client = '';
  #place: Seat | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #move: NodeJS.Timeout | undefined;
  #state: 'open' | 'ending' | 'left' = 'open';

  constructor(parts: GuestParts) {
    this.#parts = parts;
  }

  belongsTo(caller: Caller): void {
    // Whoever checked the credential was slower than the client, who holds nothing any more.
    if (this.#state === 'left') return;
    const client = clientKeyOf(caller, this.#parts.address);
    if (client !== this.#client) {
      const place = this.#parts.tallies.connections.take(client);
      this.#place?.leave();
      this.#place = place;
      this.#client = client;
    }
    this.#endAt(caller.expiresAt);
  }

  startOperation(): Seat {
    return this.#parts.tallies.operations.take(this.#client);
  }

  moveWithin(windowMs: number): void {
    this.#move = setTimeout(() => this.#end(stopping()), Math.random() * windowMs);
  }

  leave(): void {
    if (this.#state === 'left') return;
    this.#state = 'left';
    clearTimeout(this.#expiry);
    clearTimeout(this.#move);
    this.#place?.leave();
    this.#parts.seat.leave();
    this.onLeave();
  }

  #endAt(expiresAt: number | null): void {
    clearTimeout(this.#expiry);
    if (expiresAt === null || this.#state !== 'open') return;
    const validMs = Math.max(0, expiresAt - Date.now());
    this.#expiry =
      validMs > LONGEST_TIMER_MS
        ? setTimeout(() => this.#endAt(expiresAt), LONGEST_TIMER_MS)
        : setTimeout(() => this.#end(failure('UNAUTHENTICATED', 'The token expired')), validMs);
  }

  #end(reason: GraphQLError): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#parts.end(reason);
  }
}
