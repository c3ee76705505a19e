import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The least that can tell many subscribers the same: a `ws` server that sends a text to each. */
export type Broadcast = {
  url: string;
  pid: number;
  send(text: string): void;
  stop(): void;
};

/** `flags` are those of Node. */
export async function startBroadcast(flags: readonly string[]): Promise<Broadcast> {
  const child = fork(fileURLToPath(new URL('serve-broadcast.ts', import.meta.url)), {
    execArgv: [...flags],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `ws://127.0.0.1:${port}`,
    pid: child.pid as number,
    send: (text) => void child.send(text),
    stop: () => void child.kill(),
  };
}
