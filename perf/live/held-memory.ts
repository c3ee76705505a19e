import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** What a Node process holds once its garbage is collected: objects and the buffers outside of the heap. */
export type HeldMemory = { heldBytes: number };

/**
 * Asks through the inspector, which opens on SIGUSR1 at the port that the process was started with
 * (`--inspect-port`). Resident memory would count the garbage of connecting as well.
 */
export async function heldMemory(pid: number, inspectPort: number): Promise<HeldMemory> {
  const socket = await openInspector(pid, inspectPort);
  try {
    await call(socket, 1, 'HeapProfiler.collectGarbage');
    const result = await call(socket, 2, 'Runtime.evaluate', {
      expression: 'JSON.stringify(process.memoryUsage())',
    });
    const { heapUsed, external } = JSON.parse(result) as { heapUsed: number; external: number };
    return { heldBytes: heapUsed + external };
  } finally {
    socket.close();
  }
}

const TRIES = 100;

async function openInspector(pid: number, port: number): Promise<WebSocket> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
      await new Promise<void>((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      return socket;
    } catch (error) {
      if (attempt === TRIES) throw error;
      if (attempt === 1) process.kill(pid, 'SIGUSR1');
      await sleep(100);
    }
  }
}

/** Gives the value of an evaluation; empty for other methods. */
function call(socket: WebSocket, id: number, method: string, params = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const onMessage = (data: Buffer) => {
      const reply = JSON.parse(data.toString()) as {
        id?: number;
        error?: { message: string };
        result?: { result?: { value?: string } };
      };
      if (reply.id !== id) return;
      socket.off('message', onMessage);
      if (reply.error) reject(new Error(reply.error.message));
      else resolve(reply.result?.result?.value ?? '');
    };
    socket.on('message', onMessage);
    socket.once('close', () => reject(new Error('The inspector closed')));
    socket.send(JSON.stringify({ id, method, params }));
  });
}
