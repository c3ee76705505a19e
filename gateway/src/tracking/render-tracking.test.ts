import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTracking } from './render-tracking.ts';

test('a tracking page runs nothing that an answer says', () => {
  const hostile = `<img src=x onerror=alert(1)>"'&`;
  const page = renderTracking({
    __typename: 'TrackedDelivery',
    status: hostile,
    promisedWindow: null,
    eta: null,
    stopsAway: null,
    events: [{ type: hostile, occurredAt: '2026-11-23T06:00:00.000Z' }],
  });
  assert.ok(!page.includes('<img'));
  assert.equal(page.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/g)?.length, 2);
});

test('a tracking page tells the promise, the estimate and what comes before', () => {
  const page = renderTracking({
    __typename: 'TrackedDelivery',
    status: 'OUT_FOR_DELIVERY',
    promisedWindow: { start: '2026-11-23T06:00:00.000Z', end: '2026-11-23T08:30:00.000Z' },
    eta: { at: '2026-11-23T07:10:00.000Z' },
    stopsAway: 1,
    events: [],
  });
  for (const text of ['Out for delivery', '06:00', '08:30', '07:10', '1 stop<']) {
    assert.ok(page.includes(text), text);
  }
});
