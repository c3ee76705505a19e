import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { createHttpServer } from './http.ts';
import type { HttpServer } from './http.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { testCertificate } from './test-certificate.ts';
import type { TestCertificate } from './test-certificate.ts';
import { openCertificate } from './tls-certificate.ts';

describe('a certificate in files', { timeout: 30_000 }, () => {
  const lines: string[] = [];
  const log = createLogger({
    service: 'kit',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  let files: TestCertificate;
  let http: HttpServer;
  let port: number;
  beforeEach(async () => {
    lines.length = 0;
    files = await testCertificate();
    const certificate = await openCertificate(files, { log, everyMs: 20 });
    const routes = {};
    http = createHttpServer({ log, metrics: createMetrics('kit'), routes, certificate });
    ({ port } = await http.listen(0, '127.0.0.1'));
  });
  afterEach(async () => {
    await http.close({ graceMs: 0 });
    await files.remove();
  });

  const served = async (): Promise<string> => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { raw } = socket.getPeerCertificate();
    socket.destroy();
    return raw.toString('base64');
  };
  const derOf = (pem: string): string => pem.replaceAll(/-----.*?-----|\n/g, '');
  const logged = async (words: string): Promise<void> => {
    while (!lines.some((line) => line.includes(words))) await sleep(5);
  };

  test('is served, and a renewed one too, without a restart', async () => {
    assert.equal(await served(), derOf(files.cert));
    const renewed = await files.replace();
    await logged('was renewed');
    assert.equal(await served(), derOf(renewed.cert));
  });

  test('stays when what replaces it is broken or of another key, which is logged once', async () => {
    await files.replace({ cert: 'no certificate' });
    await logged('was not renewed');
    await sleep(100);
    assert.equal(lines.filter((line) => line.includes('was not renewed')).length, 1);
    assert.equal(await served(), derOf(files.cert));
    await files.replace({ cert: files.cert });
    while (lines.filter((line) => line.includes('was not renewed')).length < 2) await sleep(5);
    assert.equal(await served(), derOf(files.cert));
    const renewed = await files.replace();
    await logged('was renewed');
    assert.equal(await served(), derOf(renewed.cert));
  });

  test('is refused at the start when it does not fit its key, with the names of the files', async () => {
    await files.replace({ key: files.key });
    await assert.rejects(openCertificate(files, { log }), (error: Error) => {
      assert.ok(error.message.includes(files.certFile) && error.message.includes(files.keyFile));
      return true;
    });
  });

  test('leaves no connection of a client who speaks plain text', async () => {
    const asking = request({ port, host: '127.0.0.1' });
    asking.on('error', () => undefined).end();
    await new Promise((resolve) => asking.once('close', resolve));
    const open = () => new Promise((resolve) => http.node.getConnections((_e, n) => resolve(n)));
    while ((await open()) !== 0) await sleep(5);
  });
});
