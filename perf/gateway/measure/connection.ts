import { connect } from 'node:net';

/** One keep-alive connection that has one request in flight. */
export type Connection = {
  /** Sends a whole request and resolves when its whole answer is here. */
  ask(request: Buffer | string): Promise<Answer>;
  close(): void;
};

export type Answer = { status: number; bodyBytes: number };

/**
 * The thinnest client that can measure: an HTTP parser would use more processor time than the
 * fastest server here, and then the figures would be the client's. It reads what JSON answers need,
 * a length or chunks, and refuses the rest.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let waiting: PromiseWithResolvers<Answer> | null = null;
  let reading: Reading | null = null;
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('data', (part: Buffer) => {
    try {
      reading = reading === null ? startReading(part) : readOn(reading, part);
      if (!reading.isComplete) return;
      const { status, bodyBytes } = reading;
      reading = null;
      waiting?.resolve({ status, bodyBytes });
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The server closed the connection')));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    ask(request) {
      waiting = Promise.withResolvers<Answer>();
      socket.write(request);
      return waiting.promise;
    },
    close: () => socket.destroy(),
  };
}

type Reading = {
  status: number;
  bodyBytes: number;
  /** null: in chunks. */
  length: number | null;
  /** The latest bytes, in which the end of chunks is seen. */
  tail: string;
  isComplete: boolean;
};

const HEAD_END = '\r\n\r\n';
/** JSON has no bare carriage return, so this cannot be part of an answer. */
const CHUNKS_END = '0\r\n\r\n';

function startReading(part: Buffer): Reading {
  const end = part.indexOf(HEAD_END);
  if (end === -1) throw new Error('An answer whose head is not whole in its first packet');
  const head = part.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined && !/\r\ntransfer-encoding: *chunked/i.test(head)) {
    throw new Error(`An answer without a length: ${head}`);
  }
  const reading: Reading = {
    status: Number(head.slice(9, 12)),
    bodyBytes: 0,
    length: length === undefined ? null : Number(length),
    tail: '',
    isComplete: false,
  };
  return readOn(reading, part.subarray(end + HEAD_END.length));
}

function readOn(reading: Reading, part: Buffer): Reading {
  reading.bodyBytes += part.length;
  if (reading.length !== null) {
    reading.isComplete = reading.bodyBytes >= reading.length;
    return reading;
  }
  const latest = part.toString('latin1', Math.max(0, part.length - CHUNKS_END.length));
  reading.tail = (reading.tail + latest).slice(-CHUNKS_END.length);
  reading.isComplete = reading.tail === CHUNKS_END;
  return reading;
}
