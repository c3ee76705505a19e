import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsPair } from './tls-certificate.ts';

/** Files of a certificate for tests, as a server is told of them. */
export type TestCertificate = TlsPair & {
  certFile: string;
  keyFile: string;
  /** Puts another pair, or whatever is given, into the files. */
  replace(by?: Partial<TlsPair>): Promise<TlsPair>;
  remove(): Promise<void>;
};

/** A self-signed certificate for 127.0.0.1 and localhost, in two files of a folder of its own. */
export async function testCertificate(): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'quantumroute-certificate-'));
  const certFile = join(folder, 'tls.crt');
  const keyFile = join(folder, 'tls.key');
  const replace = async (by: Partial<TlsPair> = {}): Promise<TlsPair> => {
    const pair = { ...selfSigned(), ...by };
    await writeFile(keyFile, pair.key);
    await writeFile(certFile, pair.cert);
    return pair;
  };
  const pair = await replace();
  return { ...pair, certFile, keyFile, replace, remove: () => rm(folder, { recursive: true }) };
}

/** X.509 in DER, by hand: Node makes keys and signatures, but no certificates. */
function selfSigned(): TlsPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, oid('2a8648ce3d040302'));
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, text('quantumroute test')))));
  const names = der(0x30, der(0x82, text('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    der(0x30, moment(Date.now() - DAY_MS), moment(Date.now() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, der(0x30, oid('551d11'), der(0x04, names)))),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const lines =
    der(0x30, body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

const DAY_MS = 86_400_000;

function der(tag: number, ...parts: Buffer[]): Buffer {
  const { length } = Buffer.concat(parts);
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const size = length < 0x80 ? [length] : long;
  return Buffer.concat([Buffer.from([tag, ...size]), ...parts]);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function text(value: string): Buffer {
  return Buffer.from(value, 'ascii');
}

function moment(at: number): Buffer {
  return der(0x18, text(new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 14) + 'Z'));
}
