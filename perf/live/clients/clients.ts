import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type ClientOrder =
  | { kind: 'open'; url: string; count: number; init: object; subscribe: object }
  | { kind: 'await'; version: number; count: number; patienceMs: number }
  | { kind: 'close' };

export type ClientReply =
  | { kind: 'opened'; seconds: number }
  | { kind: 'told'; delivery: Delivery; frame: string }
  | { kind: 'closed' }
  | { kind: 'failed'; why: string };

/** How many were told of a version; times are those of `nowMs`. */
export type Delivery = { count: number; medianMs: number; lastMs: number };

/** Many subscribers in a process of their own. */
export type Clients = {
  /** Opens them all; each subscribes once. */
  open(order: Omit<ClientOrder & { kind: 'open' }, 'kind'>): Promise<{ seconds: number }>;
  /** Waits until `count` were told of a version, or as long as patience lasts. */
  told(
    order: Omit<ClientOrder & { kind: 'await' }, 'kind'>,
  ): Promise<{ delivery: Delivery; frame: string }>;
  closeAll(): Promise<void>;
  stop(): void;
};

export function startClients(): Clients {
  const child: ChildProcess = fork(fileURLToPath(new URL('serve-clients.ts', import.meta.url)));
  const order = async <K extends ClientReply['kind']>(what: ClientOrder, kind: K) => {
    child.send(what);
    const [reply] = (await once(child, 'message')) as [ClientReply];
    if (reply.kind !== kind) {
      throw new Error(reply.kind === 'failed' ? reply.why : `Got ${reply.kind}`);
    }
    return reply as Extract<ClientReply, { kind: K }>;
  };
  return {
    open: (what) => order({ kind: 'open', ...what }, 'opened'),
    told: (what) => order({ kind: 'await', ...what }, 'told'),
    closeAll: async () => void (await order({ kind: 'close' }, 'closed')),
    stop: () => void child.kill(),
  };
}

/** The machine's clock in milliseconds, the same in every process. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
