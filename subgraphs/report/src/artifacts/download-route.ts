import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { HttpError } from '@quantumroute/ops/http-error';
import type { Route } from '@quantumroute/ops/http';
import type { Postgres } from '@quantumroute/ops/postgres';
import { isUuid } from '@quantumroute/schema/ids';

import { ArtifactEntity } from '../storage/artifact-entity.ts';
import type { Artifact } from '../storage/artifact-entity.ts';
import type { ReportFormat } from '../storage/report-entity.ts';
import { ReportEntity } from '../storage/report-entity.ts';
import type { ArtifactStore } from './artifact-store.ts';
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
  const etag = `"${artifact.sha256}"`;
  const headers = { ...HEADERS[artifact.format], ...COMMON_HEADERS, etag };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const file = await store.read(artifact.storeKey);
  if (file === null) throw noSuchFile();
  response.writeHead(200, {
    ...headers,
    'content-length': file.byteSize,
    'content-disposition': `${DISPOSITION[artifact.format]}; filename="${artifact.fileName}"`,
  });
  if (request.method === 'HEAD') {
    file.stream.destroy();
    response.end();
    return;
  }
  // Without a deadline for the whole, a reader who takes nothing would keep the file open for ever.
  response.setTimeout(stallMs, () => response.destroy());
  // A reader who leaves is no error of ours, and the stream is closed either way.
  await pipeline(file.stream, response).catch(() => response.destroy());
}

const COMMON_HEADERS = {
  'cache-control': 'private, max-age=0, must-revalidate',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The page has no script, and could run none: its texts come from whoever names a depot. */
const HEADERS: Readonly<Record<ReportFormat, Record<string, string>>> = {
  CSV: { 'content-type': 'text/csv; charset=utf-8' },
  HTML: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  },
};

const DISPOSITION: Readonly<Record<ReportFormat, string>> = { CSV: 'attachment', HTML: 'inline' };

function noSuchFile(): HttpError {
  return new HttpError(404, 'There is no such file', { code: 'NOT_FOUND' });
}

function gone(message: string): HttpError {
  return new HttpError(410, message, { code: 'NOT_FOUND' });
}
