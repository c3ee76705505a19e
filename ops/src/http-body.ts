import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HttpError } from './http-error.ts';

/** How much of a body is read, counted after decompression, and for how long. */
export type BodyLimits = { maxBytes?: number; timeoutMs?: number };

/** Reads and decompresses (gzip, deflate, br) a body. Throws `HttpError` 400, 408, 413 or 415. */
export function readBody(
  request: IncomingMessage,
  { maxBytes = 1_000_000, timeoutMs = 30_000 }: BodyLimits = {},
): Promise<Buffer> {
  const { [KEPT]: kept } = request as Keeping;
  if (kept) return Promise.resolve(kept);
  const declaredBytes = Number(request.headers['content-length'] ?? 0);
  if (declaredBytes > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const decoder = decoderFor(request);
    const source = decoder ? request.pipe(decoder) : request;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      source.removeListener('data', onData);
      request.unpipe();
      request.pause();
      decoder?.destroy();
      outcome();
    };
    const fail = (error: HttpError) => settle(() => reject(error));
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) fail(tooLarge(maxBytes));
      else chunks.push(chunk);
    };
    const timer = setTimeout(
      () => fail(new HttpError(408, 'The body took too long to arrive', { closes: true })),
      timeoutMs,
    );
    source.on('data', onData);
    source.once('end', () => settle(() => resolve(Buffer.concat(chunks))));
    request.once('close', () => {
      if (!request.complete) fail(new HttpError(400, 'The body ended early', { closes: true }));
    });
    decoder?.on('error', () =>
      fail(new HttpError(400, 'The body does not fit its content-encoding', { closes: true })),
    );
    request.on('error', () => undefined);
  });
}

/**
 * Reads a body that is small by its own account and not encoded, without further checks: for lanes.
 * `done` is not called when the client leaves before.
 */
export function readSmallBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    done(first && chunks.length === 1 ? first : Buffer.concat(chunks));
  });
}

/** Lets whoever reads the body of `request` again have the same bytes. */
export function keepBody(request: IncomingMessage, body: Buffer): void {
  (request as Keeping)[KEPT] = body;
}

// On the request itself: a weak map costs the garbage collector more than all else that a lane does.
const KEPT = Symbol('body');
type Keeping = IncomingMessage & { [KEPT]?: Buffer };

/** Reads a JSON body. Throws `HttpError` 400 when it is not JSON and 415 for other charsets. */
export async function readJson(request: IncomingMessage, limits?: BodyLimits): Promise<unknown> {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw new HttpError(415, `The body needs to be UTF-8, got ${charset.slice(0, 20)}`);
  }
  const body = await readBody(request, limits);
  try {
    return parseJson(body);
  } catch {
    throw new HttpError(400, 'Invalid JSON in the body');
  }
}

/** Throws for what is not JSON in UTF-8. */
export function parseJson(body: Buffer): unknown {
  return JSON.parse(UTF8.decode(body)) as unknown;
}

/** Whether the request says that its body is JSON. */
export function hasJsonBody(request: IncomingMessage): boolean {
  const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return mediaType === 'application/json' || /^application\/[\w.-]+\+json$/.test(mediaType ?? '');
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, `The body is larger than ${maxBytes} bytes`, {
    code: 'PAYLOAD_TOO_LARGE',
    closes: true,
  });
}

function decoderFor(request: IncomingMessage): Transform | null {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  switch (encoding) {
    case 'identity':
    case '':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new HttpError(415, 'The body needs content-encoding gzip, deflate, br or none', {
        closes: true,
      });
  }
}
