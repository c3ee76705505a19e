import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Logger } from './log.ts';

/** A certificate with what leads to its root, and its key, both as PEM. */
export type TlsPair = { cert: string; key: string };

/** A certificate that may be renewed while it is served. */
export type TlsCertificate = {
  /** The one that is valid now. */
  pair(): TlsPair;
  /** Tells of each newer one. */
  onRenewal(listener: (pair: TlsPair) => void): void;
  close(): void;
};

type Files = { certFile: string; keyFile: string };

/**
 * Reads a certificate and its key from files, and again every `everyMs` (10 s): a renewed pair is
 * told to whoever listens. A pair that is broken, or half renewed, is logged once and the one before
 * stays. Rejects when the first pair is not usable.
 */
export async function openCertificate(
  files: Files,
  { log, everyMs = 10_000 }: { log: Logger; everyMs?: number },
): Promise<TlsCertificate> {
  let present = await readPair(files);
  let problem = '';
  const listeners: ((pair: TlsPair) => void)[] = [];
  const look = async (): Promise<void> => {
    const found = await readPair(files);
    problem = '';
    if (found.cert === present.cert && found.key === present.key) return;
    present = found;
    for (const listener of listeners) listener(found);
    log.info(files, 'the certificate was renewed');
  };
  const timer = setInterval(() => {
    look().catch((error: Error) => {
      if (problem === error.message) return;
      problem = error.message;
      log.error({ err: error, ...files }, 'the certificate was not renewed: the last one stays');
    });
  }, everyMs);
  timer.unref();
  return {
    pair: () => present,
    onRenewal: (listener) => void listeners.push(listener),
    close: () => clearInterval(timer),
  };
}

async function readPair({ certFile, keyFile }: Files): Promise<TlsPair> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    const isOwnKey = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
    if (!isOwnKey) throw new Error('they do not belong together');
    // What leads to the root is read here.
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The certificate in ${certFile} with the key in ${keyFile}: ${reason}`, {
      cause: error,
    });
  }
}
