import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { HttpError } from '@quantumroute/ops/http-error';
import type { Route } from '@quantumroute/ops/http';
import type { Postgres } from '@quantumroute/ops/postgres';
import { isUuid } from '@quantumroute/schema/ids';

import { ArtifactEntity } from '../storage/artifact-entity.ts';
import type { Artifact } from '../storage/artifact-entity.ts';
import { ReportEntity } from '../storage/report-entity.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { ByteRange } from './byte-range.ts';
import { readRange } from './byte-range.ts';
import { deliveryHeaders } from './delivery.ts';
import { checkLink } from './link.ts';

type DownloadParts = {
  readonly postgres: Postgres;
  readonly store: ArtifactStore;
  readonly secret: string;
  /** How long a reader may take nothing before the connection is cut. */
  readonly stallMs?: number;
};

const STALL_MS = 30_000;

/**
 * `GET /downloads/<artifact id>?expires=…&signature=…`: the signature is all that a caller needs, so
 * that a link can be handed on. 403 for a forged link, 410 for an old one, 404 for no such file.
 */
export function downloadRoute(parts: DownloadParts): Route {
  return {
    deadline: false,
    handler: async (request, response) => {
      const artifactId = linkedArtifact(request, parts.secret);
      await send(parts, await findFile(parts, artifactId), { request, response });
    },
  };
}

function linkedArtifact({ url = '/' }: IncomingMessage, secret: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const artifactId = pathname.slice('/downloads/'.length);
  if (!isUuid(artifactId)) throw noSuchFile();
  const expires = searchParams.get('expires') ?? '';
  const signature = searchParams.get('signature') ?? '';
  switch (checkLink(secret, { artifactId, expires, signature })) {
    case 'forged':
      throw new HttpError(403, 'The signature of this link is not valid', { code: 'FORBIDDEN' });
    case 'expired':
      throw gone('This link has expired: ask for a new one');
    case 'valid':
      return artifactId;
  }
}

async function findFile({ postgres }: DownloadParts, artifactId: string): Promise<Artifact> {
  const em = postgres.fork();
  const artifact = await em.findOne(ArtifactEntity, { id: artifactId });
  if (artifact === null) throw noSuchFile();
  const report = await em.findOne(ReportEntity, { id: artifact.reportId });
  if (report?.status !== 'SUCCEEDED') throw gone('This report has expired');
  return artifact;
}

async function send(
  { store, stallMs = STALL_MS }: DownloadParts,
  artifact: Artifact,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { byteSize, storeKey } = artifact;
  const headers = deliveryHeaders(artifact);
  if (request.headers['if-none-match'] === headers['etag']) {
    response.writeHead(304, headers).end();
    return;
  }
  const range = rangeOf(request, artifact);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${byteSize}` }).end();
    return;
  }
  const stream = await openFile(store, storeKey, range);
  response.writeHead(...statusOf(range, { headers, byteSize }));
  if (request.method === 'HEAD') {
    stream.destroy();
    response.end();
    return;
  }
  // Without a deadline for the whole, a reader who takes nothing would keep the file open for ever.
  response.setTimeout(stallMs, () => response.destroy());
  // A reader who leaves is no error of ours, and the stream is closed either way.
  await pipeline(stream, response).catch(() => response.destroy());
}

/** A part of another version of the file is of no use: then all of it is sent. */
function rangeOf({ headers, method }: IncomingMessage, { byteSize, sha256 }: Artifact) {
  const condition = headers['if-range'];
  const isSame = condition === undefined || condition === `"${sha256}"`;
  return isSame && method === 'GET' ? readRange(headers.range, byteSize) : 'whole';
}

async function openFile(store: ArtifactStore, key: string, range: ByteRange | 'whole') {
  const stream = await store.read(key, range === 'whole' ? undefined : range).catch(() => {
    throw new HttpError(503, 'The report store cannot be reached', { code: 'SERVICE_UNAVAILABLE' });
  });
  if (stream === null) throw noSuchFile();
  return stream;
}

function statusOf(
  range: ByteRange | 'whole',
  { headers, byteSize }: { headers: Record<string, string>; byteSize: number },
): [number, OutgoingHttpHeaders] {
  if (range === 'whole') return [200, { ...headers, 'content-length': byteSize }];
  const { start, end } = range;
  const part = { 'content-range': `bytes ${start}-${end}/${byteSize}` };
  return [206, { ...headers, ...part, 'content-length': end - start + 1 }];
}

function noSuchFile(): HttpError {
  return new HttpError(404, 'There is no such file', { code: 'NOT_FOUND' });
}

function gone(message: string): HttpError {
  return new HttpError(410, message, { code: 'NOT_FOUND' });
}
