import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { withClient } from '@quantumroute/ops/local/with-client';
import { at, dataFor } from '../whole-stack/ask-as.ts';

/** The page for whoever has a tracking link. `whole-stack.test.ts` runs it. */
export function trackingPage(stackOf: () => TestStack): void {
  describe('the page that a tracking link leads to', { timeout: 120_000 }, () => {
    let stack: TestStack;
    before(() => {
      stack = stackOf();
    });

    const get = (path: string, init: RequestInit = {}) =>
      fetch(`${stack.urls.gateway}${path}`, { redirect: 'manual', ...init });

    /** The link of an order with this status, as its organization sees it. */
    async function linkOf(status: string): Promise<URL> {
      const data = await dataFor(stack, 'dispatcher', {
        query: `{ orders(first: 1, filter: { status: [${status}] }) { nodes { trackingUrl } } }`,
      });
      return new URL(String(at(data, 'orders', 'nodes', '0', 'trackingUrl')));
    }

    test('shows a delivery and its history, newest first', async () => {
      const link = await linkOf('DELIVERED');
      assert.equal(link.origin, stack.env['PUBLIC_URL']);
      const answer = await get(link.pathname);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
      const page = await answer.text();
      assert.match(page, /<h1>Delivered<\/h1>/);
      const events = [...page.matchAll(/<li><b>(.*?)<\/b>/g)].map(([, type]) => type);
      assert.equal(events[0], 'Delivered');
      assert.ok(events.length >= 3, events.join());
      const times = [...page.matchAll(/<li>.*?datetime="(.*?)"/g)].map(([, time]) => time ?? '');
      assert.deepEqual(times, times.toSorted().toReversed());
    });

    test('needs no credential, and takes none', async () => {
      const { pathname } = await linkOf('DELIVERED');
      const answer = await get(pathname, { headers: { authorization: 'Bearer nonsense' } });
      assert.equal(answer.status, 200);
    });

    test('shows an order that is not planned yet', async () => {
      const answer = await get((await linkOf('ACCEPTED')).pathname);
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /<h1>Accepted<\/h1>/);
    });

    const unknown: Record<string, string> = {
      'that nobody has': '/track/nobody-has-this-token-0123456789ab',
      'that is empty': '/track/',
      'that is markup': '/track/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
      'that is no UTF-8': '/track/%E0%A4%A',
      'with half a percent sign': '/track/abc%',
      'with a NUL': '/track/abc%00',
      'of many bytes': `/track/${'a'.repeat(8_000)}`,
      'with a path in it': '/track/a%2F..%2F..%2Fgraphql',
    };
    for (const [what, path] of Object.entries(unknown)) {
      test(`is a 404 for a token ${what}, which it does not repeat`, async () => {
        const answer = await get(path);
        assert.equal(answer.status, 404);
        const page = await answer.text();
        assert.match(page, /Nothing to track here/);
        assert.doesNotMatch(page, /<script|alert|nobody-has|aaaa/);
      });
    }

    test('is a 410 thirty days after the delivery', async () => {
      const { pathname } = await linkOf('DELIVERED');
      const token = pathname.split('/').at(-1);
      await withClient(stack.databaseUrl, (client) =>
        client.query(
          `UPDATE route.orders SET finished_at = now() - interval '31 days' WHERE tracking_token = $1`,
          [token],
        ),
      );
      const answer = await get(pathname);
      assert.equal(answer.status, 410);
      assert.match(await answer.text(), /Tracking has ended/);
    });

    test('may be looked at only, and never stored, framed or told about', async () => {
      const { pathname } = await linkOf('ACCEPTED');
      for (const path of [pathname, '/track/unknown']) {
        const { headers } = await get(path);
        assert.equal(headers.get('cache-control'), 'no-store');
        assert.equal(headers.get('referrer-policy'), 'no-referrer');
        assert.equal(headers.get('x-content-type-options'), 'nosniff');
        assert.equal(headers.get('x-robots-tag'), 'noindex');
        const policy = headers.get('content-security-policy') ?? '';
        for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
          assert.ok(policy.includes(rule), rule);
        }
      }
      const head = await get(pathname, { method: 'HEAD' });
      assert.deepEqual([head.status, await head.text()], [200, '']);
      assert.equal((await get(pathname, { method: 'POST' })).status, 405);
    });

    test('asks for patience while the routes are away', async () => {
      const { pathname } = await linkOf('ACCEPTED');
      await stack.kill('route');
      const answer = await get(pathname);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), '60');
      assert.match(await answer.text(), /Not available right now/);
      await stack.restart('route');
      assert.equal((await get(pathname)).status, 200);
    });
  });
}
