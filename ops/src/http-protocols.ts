import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Where connections go. */
export type ProtocolOptions = {
  /** True with TLS, where clients say beforehand what they speak. */
  isSecure: boolean;
  /** Told of each connection that speaks HTTP/1.1, before `node` serves it. */
  onHttp1: (socket: Socket) => void;
  /** Serves those that speak HTTP/2; null leaves all to HTTP/1.1. */
  onHttp2: ((socket: Socket) => void) | null;
  /** Time for the first bytes. */
  timeoutMs: number;
};

/**
 * Lets HTTP/2 onto the port of `node`: with TLS by ALPN, without by prior knowledge. Everything else
 * is `node`'s as before: it must be the one that listens, because Node enforces the timeouts of
 * requests only then.
 */
export function splitProtocols(node: Server, options: ProtocolOptions): void {
  const { isSecure, onHttp1, onHttp2, timeoutMs } = options;
  const event = isSecure ? 'secureConnection' : 'connection';
  if (!onHttp2) return void node.on(event, onHttp1);
  const [serveHttp1] = node.listeners(event) as ((socket: Socket) => void)[];
  if (!serveHttp1) throw new Error('Node serves connections by its first listener');
  node.off(event, serveHttp1);
  const serve = (socket: Socket, isHttp2: boolean): void => {
    if (isHttp2) {
      // As node:http wants it. Over HTTP/2 nobody would notice that the client is gone.
      socket.allowHalfOpen = false;
      return onHttp2(socket);
    }
    onHttp1(socket);
    Reflect.apply(serveHttp1, node, [socket]);
  };
  node.on(event, (socket: Socket) => {
    if (socket instanceof TLSSocket) serve(socket, socket.alpnProtocol === 'h2');
    else readPreface(socket, { timeoutMs, onRead: (isHttp2) => serve(socket, isHttp2) });
  });
}

// No method of HTTP/1.1 begins so: it is kept free for this.
const PREFACE = Buffer.from('PRI');

/** Reads as much as tells both apart, and puts it back. */
function readPreface(
  socket: Socket,
  { timeoutMs, onRead }: { timeoutMs: number; onRead: (isHttp2: boolean) => void },
): void {
  let seen = Buffer.alloc(0);
  const cut = (): void => void socket.destroy();
  const timer = setTimeout(cut, timeoutMs);
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (!chunk) return;
    seen = Buffer.concat([seen, chunk]);
    const isPossible = PREFACE.subarray(0, seen.length).equals(seen.subarray(0, PREFACE.length));
    if (isPossible && seen.length < PREFACE.length) return;
    clearTimeout(timer);
    for (const event of ['end', 'error', 'close']) socket.off(event, cut);
    socket.off('readable', onReadable);
    socket.unshift(seen);
    onRead(isPossible);
  };
  for (const event of ['end', 'error', 'close']) socket.once(event, cut);
  socket.once('close', () => clearTimeout(timer));
  socket.on('readable', onReadable);
}
