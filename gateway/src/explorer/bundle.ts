import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { access, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HttpError } from '@quantumroute/ops/http-error';
import { buildBundle } from './build-bundle.ts';

/** The page's scripts, styles and fonts. */
export type Bundle = {
  /** Changes whenever the content may have changed. */
  key(): string;
  /** Answers `/explorer/<key>/<file>`, after the bundle was built if it has to be. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
};

/** Kept in a folder named by its key: a later start finds it there and builds nothing. */
export function createBundle(parentFolder: string): Bundle {
  let key: string | null = null;
  let built: Promise<string> | null = null;
  const keyOf = () => (key ??= computeKey());
  const folder = async (): Promise<string> => {
    built ??= findOrBuild(parentFolder, keyOf());
    try {
      return await built;
    } catch (error) {
      built = null;
      throw error;
    }
  };
  return {
    key: keyOf,
    async serve(request, response) {
      const [, asked, file] = ASSET_PATH.exec(request.url ?? '') ?? [];
      if (asked !== keyOf() || file === undefined) throw nothingHere();
      await sendFile(join(await folder(), file), { request, response });
    },
  };
}

const ASSET_PATH = /^\/explorer\/([0-9a-f]{16})\/([\w-][\w.-]*)$/;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
};

/** The page's sources, how they are built, and every dependency's version. */
function computeKey(): string {
  const hash = createHash('sha256');
  const page = new URL('./page/', import.meta.url);
  for (const file of readdirSync(page).toSorted()) {
    hash.update(file).update(readFileSync(new URL(file, page)));
  }
  hash.update(readFileSync(new URL('./build-bundle.ts', import.meta.url)));
  hash.update(readFileSync(new URL('../../../package-lock.json', import.meta.url)));
  return hash.digest('hex').slice(0, 16);
}

async function findOrBuild(parentFolder: string, key: string): Promise<string> {
  const folder = join(parentFolder, key);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) await buildBundle(folder);
  return folder;
}

async function sendFile(
  file: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const type = TYPES[extname(file)];
  const found = type === undefined ? null : await stat(file).catch(() => null);
  if (type === undefined || found === null) throw nothingHere();
  const zipped = acceptsGzip(request) ? await stat(`${file}.gz`).catch(() => null) : null;
  response.writeHead(200, {
    'content-type': type,
    'content-length': (zipped ?? found).size,
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    vary: 'accept-encoding',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(zipped ? `${file}.gz` : file), response);
}

function acceptsGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b/.test(headers['accept-encoding'] ?? '');
}

function nothingHere(): HttpError {
  return new HttpError(404, 'There is nothing here', { code: 'NOT_FOUND' });
}
