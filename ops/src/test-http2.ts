import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { createHttpServer } from './http.ts';
import type { HttpServer, HttpServerOptions, Route } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import type { TestCertificate } from './test-certificate.ts';
import { openCertificate } from './tls-certificate.ts';

/** A server of HTTP/2 and HTTP/1.1, and clients that end with it. */
export type TestHttp2 = {
  http: HttpServer;
  metrics: Metrics;
  url: string;
  port: number;
  connect(): ClientHttp2Session;
  /** Connections that the server has open. */
  connections(): Promise<number>;
  close(): Promise<void>;
};

/** Starts one on a free port, with TLS when it gets a certificate. */
export async function startHttp2(
  routes: Record<string, Route>,
  {
    certificate: files,
    ...options
  }: Partial<Omit<HttpServerOptions, 'certificate'>> & {
    certificate?: TestCertificate | undefined;
  },
): Promise<TestHttp2> {
  const log = createLogger({ service: 'kit', level: 'silent' });
  const metrics = createMetrics('kit');
  const certificate = files && (await openCertificate(files, { log }));
  const http = createHttpServer({
    log,
    metrics,
    routes,
    http2: {},
    ...(certificate ? { certificate } : {}),
    ...options,
  });
  const sessions: ClientHttp2Session[] = [];
  const { url, port } = await http.listen(0, '127.0.0.1');
  return {
    http,
    metrics,
    url,
    port,
    connect() {
      const session = http2Client(url, files?.cert);
      sessions.push(session);
      return session;
    },
    connections: () =>
      new Promise((resolve) => {
        http.node.getConnections((_error, count) => resolve(count));
      }),
    async close() {
      for (const session of sessions) session.destroy();
      await http.close({ graceMs: 0 });
    },
  };
}

/** A client that survives whatever the server does to its connection. */
export function http2Client(url: string, ca?: string): ClientHttp2Session {
  const session = connect(url, ca === undefined ? {} : { ca });
  session.on('error', () => undefined);
  return session;
}

/** What came of a request. `code` is that of RST_STREAM, 0 for an orderly end. */
export type Http2Answer = {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
  code: number;
};

/** Sends one request and waits for its end, whichever that is. */
export function askHttp2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Http2Answer> {
  const stream = session.request(headers);
  let received: IncomingHttpHeaders = {};
  let text = '';
  stream.on('response', (given) => (received = given));
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  stream.on('error', () => undefined);
  stream.end(body);
  return new Promise((resolve) => {
    // A stream whose body nobody takes any more ends, and never closes.
    const settle = (): void => {
      const status = received[':status'];
      resolve({
        status: status === undefined ? undefined : Number(status),
        headers: received,
        text,
        code: stream.rstCode,
      });
    };
    stream.once('end', () => setImmediate(settle));
    stream.once('close', settle);
  });
}
