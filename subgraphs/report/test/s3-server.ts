import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { S3Context } from '@20minutes/s3rver';
import S3rver from '@20minutes/s3rver';

import type { S3Settings } from '../src/artifacts/s3-store.ts';

/** A server that speaks S3 and checks signatures, with an empty bucket. */
export type S3Server = {
  readonly settings: S3Settings & { endpoint: string };
  /** As settings of the service. */
  readonly env: Readonly<Record<string, string>>;
  /** Goes away, and comes back on the same port with what it had. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

const BUCKET = 'reports';
/** The only account that the server knows. */
const ACCOUNT = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'quantumroute-s3-'));
  const serve = (port: number) =>
    new BucketServer({
      address: '127.0.0.1',
      port,
      silent: true,
      directory,
      configureBuckets: [{ name: BUCKET }],
    });
  let server = serve(0);
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  const timeouts = { connectMs: 500, requestMs: 1_000 };
  const stop = () => server.close();
  return {
    settings: { bucket: BUCKET, region: 'us-east-1', endpoint, credentials: ACCOUNT, timeouts },
    env: {
      REPORT_STORE_S3_BUCKET: BUCKET,
      REPORT_STORE_S3_ENDPOINT: endpoint,
      REPORT_STORE_S3_ACCESS_KEY_ID: ACCOUNT.accessKeyId,
      REPORT_STORE_S3_SECRET_ACCESS_KEY: ACCOUNT.secretAccessKey,
    },
    stop,
    start: async () => {
      server = serve(port);
      await server.run();
    },
    close: async () => {
      await stop().catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * The client signs the path of a bucket with a slash at its end, as S3 wants it, and this server
 * without: signatures of these requests are let pass. Those of objects are checked.
 */
class BucketServer extends S3rver {
  override createContext(request: IncomingMessage, response: ServerResponse): S3Context {
    const context = super.createContext(request, response);
    if (/^\/[^/?]+\/(\?|$)/.test(request.url ?? '')) {
      context.app = Object.create(this, { allowMismatchedSignatures: { value: true } }) as S3rver;
    }
    return context;
  }
}
