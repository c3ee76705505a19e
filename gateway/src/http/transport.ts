import type { HttpServerOptions } from '@quantumroute/ops/http';
import type { Logger } from '@quantumroute/ops/log';
import { openCertificate } from '@quantumroute/ops/tls-certificate';
import type { ServingConfig } from '../config.ts';

/** What clients may speak beside HTTP/1.1 in plain text. */
export type Transport = Pick<HttpServerOptions, 'certificate' | 'http2'>;

/** Reads the certificate, if there is one; rejects when it is not usable. */
export async function openTransport(
  {
    GATEWAY_TLS_CERT_FILE: certFile,
    GATEWAY_TLS_KEY_FILE: keyFile,
    GATEWAY_HTTP2: hasHttp2,
    GATEWAY_HTTP2_SESSIONS: sessions,
    GATEWAY_HTTP2_STREAMS: streams,
  }: ServingConfig,
  log: Logger,
): Promise<Transport> {
  const hasTls = certFile !== undefined && keyFile !== undefined;
  return {
    ...(hasTls ? { certificate: await openCertificate({ certFile, keyFile }, { log }) } : {}),
    ...(hasHttp2 ? { http2: { sessions, streams } } : {}),
  };
}
