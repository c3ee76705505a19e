import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that is free, and that nobody else is likely to take before it is used:
 * below those that the system gives to outgoing connections and to servers without a wish, and from
 * another part for each process.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < LAST - FIRST; tries += 1) {
    const port = FIRST + (next % (LAST - FIRST));
    next += 1;
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port on 127.0.0.1 from ${FIRST} to ${LAST}.`);
}

const FIRST = 10_000;
const LAST = 32_000;
const PORTS_OF_A_PROCESS = 20;
let next = process.pid * PORTS_OF_A_PROCESS;

/** Whether a server could listen on this port of `host` now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
