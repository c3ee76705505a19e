import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { askHttp2, http2Client } from '@quantumroute/ops/test-http2';
import { overSocket } from '../subscriptions/live-clients.ts';
import { at, dataFor, tokenOf } from '../whole-stack/ask-as.ts';

type Artifact = { format: string; url: string; byteSize: number; rowCount: number; sha256: string };

/** Files of a report, by their signed links. `whole-stack.test.ts` runs it. */
export function filesOfAReport(stackOf: () => TestStack): void {
  describe('the files of a report', { timeout: 120_000 }, () => {
    let stack: TestStack;
    let reportId: string;
    let artifacts: Artifact[];
    before(() => {
      stack = stackOf();
    });

    /** Past the proxy. */
    const get = (url: string | URL, init: RequestInit = {}) => {
      const { pathname, search } = new URL(url, stack.urls.gateway);
      return fetch(`${stack.urls.gateway}${pathname}${search}`, init);
    };
    const artifactsOf = async (id: string) => {
      const query = `{ report(id: "${id}") { artifacts { format url byteSize rowCount sha256 } } }`;
      const data = await dataFor(stack, 'dispatcher', { query });
      return at(data, 'report', 'artifacts') as Artifact[];
    };
    const artifactOf = (format: string) =>
      artifacts.find((artifact) => artifact.format === format) ?? assert.fail(`no ${format}`);
    const changed = (url: string, parameter: string, change: (value: string) => string) => {
      const link = new URL(url);
      link.searchParams.set(parameter, change(link.searchParams.get(parameter) ?? ''));
      return link;
    };

    test('are announced by the subscription that follows the request', async () => {
      const to = new Date().toISOString().slice(0, 10);
      const from = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10);
      const data = await dataFor(stack, 'dispatcher', {
        query: `mutation { reportRequest(input: { idempotencyKey: "files", kind: ON_TIME_IN_FULL, formats: [CSV, HTML], period: { from: "${from}", to: "${to}" } }) { report { id status } userErrors { message } } }`,
      });
      assert.deepEqual(at(data, 'reportRequest', 'userErrors'), []);
      assert.equal(at(data, 'reportRequest', 'report', 'status'), 'REQUESTED');
      reportId = String(at(data, 'reportRequest', 'report', 'id'));
      const watch = overSocket(stack.urls.gateway, {
        query: `subscription { reportUpdated(id: "${reportId}") { status artifacts { format } subject { ... on Organization { name } } } }`,
        token: tokenOf(stack, 'dispatcher'),
      });
      await watch.ended;
      const last = watch.results.at(-1);
      assert.equal(last?.errors, undefined);
      assert.equal(at(last, 'data', 'reportUpdated', 'status'), 'SUCCEEDED');
      artifacts = await artifactsOf(reportId);
      assert.deepEqual(
        artifacts.map(({ format }) => format).toSorted((a, b) => a.localeCompare(b)),
        ['CSV', 'HTML'],
      );
    });

    for (const [format, type] of [
      ['CSV', 'text/csv; charset=utf-8'],
      ['HTML', 'text/html; charset=utf-8'],
    ] as const) {
      test(`are what they are said to be: ${format}`, async () => {
        const { url, byteSize, sha256, rowCount } = artifactOf(format);
        assert.equal(new URL(url).origin, stack.env['PUBLIC_URL']);
        const answer = await get(url);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('content-type'), type);
        assert.equal(answer.headers.get('content-length'), String(byteSize));
        assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
        assert.match(answer.headers.get('content-disposition') ?? '', /filename=/);
        const bytes = Buffer.from(await answer.arrayBuffer());
        assert.equal(bytes.byteLength, byteSize);
        assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
        assert.ok(rowCount > 0);
        if (format === 'CSV') assert.equal(linesOf(bytes), rowCount + 1);
        else assert.doesNotMatch(bytes.toString(), /<script|https?:\/\/(?!www\.w3\.org)/);
      });
    }

    test('need no second transfer when they are known, and none to be looked at', async () => {
      const { url, byteSize, sha256 } = artifactOf('CSV');
      const known = await get(url, { headers: { 'if-none-match': `"${sha256}"` } });
      assert.deepEqual([known.status, await known.text()], [304, '']);
      const head = await get(url, { method: 'HEAD' });
      assert.equal(head.headers.get('content-length'), String(byteSize));
      assert.equal(await head.text(), '');
    });

    test('come over HTTP/2 too, whole and in parts', async () => {
      const { url, byteSize, sha256 } = artifactOf('HTML');
      const { pathname, search } = new URL(url);
      const path = `${pathname}${search}`;
      const session = http2Client(stack.urls.gateway);
      const whole = await askHttp2(session, { ':path': path });
      assert.equal(whole.headers['content-length'], String(byteSize));
      assert.equal(createHash('sha256').update(whole.text).digest('hex'), sha256);
      const part = await askHttp2(session, { ':path': path, range: 'bytes=0-99' });
      assert.deepEqual([part.status, part.text], [206, whole.text.slice(0, 100)]);
      const head = await askHttp2(session, { ':path': path, ':method': 'HEAD' });
      assert.deepEqual([head.status, head.text], [200, '']);
      session.close();
    });

    test('are not given for a link that was changed in any part', async () => {
      const [csv, html] = [artifactOf('CSV').url, artifactOf('HTML').url];
      const flipped = (text: string) => text.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
      const ofOther = new URL(csv);
      ofOther.pathname = new URL(html).pathname;
      const links: Record<string, URL> = {
        signature: changed(csv, 'signature', flipped),
        'no signature': changed(csv, 'signature', () => ''),
        'longer life': changed(csv, 'expires', (expires) => String(Number(expires) + 60_000)),
        'the signature of another file': ofOther,
      };
      for (const [what, link] of Object.entries(links)) {
        const answer = await get(link);
        assert.equal(answer.status, 403, what);
        const body = (await answer.json()) as { errors: { extensions: { code: string } }[] };
        assert.equal(body.errors[0]?.extensions.code, 'FORBIDDEN', what);
      }
    });

    test('are not given for a link without an artifact', async () => {
      for (const path of ['/downloads/', '/downloads/x', `/downloads/${reportId}?signature=x`]) {
        assert.equal((await get(path)).status, 404, path);
      }
    });

    test('are away while their service is, and back with it', async () => {
      const { url } = artifactOf('CSV');
      await stack.kill('report');
      const away = await get(url);
      assert.equal(away.status, 503);
      assert.match(await away.text(), /SERVICE_UNAVAILABLE/);
      await stack.restart('report');
      assert.equal((await get(url)).status, 200);
    });
  });
}

/** Lines of a CSV whose cells have no line breaks. */
function linesOf(bytes: Buffer): number {
  return bytes.toString().trimEnd().split('\r\n').length;
}
