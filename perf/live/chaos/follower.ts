import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** An event as a client sees it. */
export type Told = Part & {
  /** What was missed is not all told, and what is known may come again. */
  gap: boolean;
  /** How often the client had come back before. */
  connection: number;
};

/** Somebody who watches, over however many connections it takes. */
export type Follower = {
  readonly told: readonly Told[];
  connections(): number;
  /** Until the stream was completed after a final state; rejects where a client would give up. */
  readonly ended: Promise<void>;
  /** As if his network were gone for a moment. */
  drop(): void;
  stop(): void;
};

export type Subscription = {
  /** Where to connect: another gateway each time, maybe. */
  chooseUrl(): string;
  init: object;
  query: string;
  variables: Record<string, unknown>;
  /** The root field. */
  field: string;
  /** What an event tells; default itself. */
  partsOf?: (event: never) => readonly Part[];
};

/** One thing in a state of its own. */
export type Part = { id: string; version: number; status: string };

const FINAL = new Set(['SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED']);
/** A cursor that is refused will be refused again. */
const HOPELESS = new Set(['BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND']);
const PAUSE_MS = 200;

/** Subscribes with the cursor of the latest event, again and again, as a good client does. */
export function follow(subscription: Subscription): Follower {
  const told: Told[] = [];
  const state = { cursor: null as string | null, connection: 0, isStopped: false };
  let socket: WebSocket | null = null;
  const run = async () => {
    while (!state.isStopped) {
      const opened = new WebSocket(subscription.chooseUrl(), 'graphql-transport-ws');
      socket = opened;
      if ((await live(opened, { subscription, state, told })) === 'over') return;
      state.connection += 1;
      await sleep(PAUSE_MS * (0.5 + Math.random()));
    }
  };
  return {
    told,
    connections: () => state.connection + 1,
    ended: run(),
    drop: () => socket?.terminate(),
    stop() {
      state.isStopped = true;
      socket?.terminate();
    },
  };
}

function itself(event: Part): readonly Part[] {
  return [event];
}

type State = { cursor: string | null; connection: number };
type Frame = {
  type: string;
  payload?: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; extensions?: { code?: string } }[];
    extensions?: { cursor?: string; gap?: object };
  } & { extensions?: { code?: string } }[];
};

/** One connection: `again` when it broke, `over` when there is nothing more to come. */
function live(
  socket: WebSocket,
  { subscription, state, told }: { subscription: Subscription; state: State; told: Told[] },
): Promise<'again' | 'over'> {
  const { init, query, variables, field, partsOf = itself } = subscription;
  return new Promise((resolve, reject) => {
    socket.on('error', () => resolve('again'));
    socket.on('close', () => resolve('again'));
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: init })),
    );
    const leave = (how: 'again' | 'over') => {
      resolve(how);
      socket.close(1000);
    };
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as Frame;
      if (type === 'connection_ack') {
        const extensions = { cursor: state.cursor };
        const subscribe = { query, variables, extensions };
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: subscribe }));
      } else if (type === 'ping') {
        socket.send('{"type":"pong"}');
      } else if (type === 'complete') {
        leave(FINAL.has(told.at(-1)?.status ?? '') && field === 'reportUpdated' ? 'over' : 'again');
      } else if (type === 'next' || type === 'error') {
        const errors = type === 'error' ? payload : payload?.errors;
        const hopeless = errors?.find(({ extensions }) => HOPELESS.has(extensions?.code ?? ''));
        if (hopeless) reject(new Error(JSON.stringify(hopeless)));
        const { cursor, gap } = payload?.extensions ?? {};
        state.cursor = cursor ?? state.cursor;
        const parts = payload?.data?.[field] ? partsOf(payload.data[field] as never) : [];
        for (const [index, part] of parts.entries()) {
          const isGap = gap !== undefined && index === 0;
          told.push({ ...part, gap: isGap, connection: state.connection });
        }
        if (errors) leave('again');
      }
    });
  });
}
