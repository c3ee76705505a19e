import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerFigures } from './measure-server.ts';
import { readOptions } from './options.ts';
import { markdownTable, targetsOf, terminalTable } from './tables.ts';

const bare = figures({ cpuMicrosecondsPerDelivery: 10, idleKbPerSubscriber: 3 });

test('reaches a target when a delivery costs twice a bare one and a subscriber under 20 kB', () => {
  const good = figures({ cpuMicrosecondsPerDelivery: 20, idleKbPerSubscriber: 19.9 });
  const bad = figures({ cpuMicrosecondsPerDelivery: 21, idleKbPerSubscriber: 20 });
  const reached = (gateway: ServerFigures) =>
    targetsOf({ field: 'reportUpdated', gateway, bare }).map((text) => text.endsWith('reached'));
  assert.deepEqual(reached(good), [true, true]);
  assert.deepEqual(reached(bad), [false, false]);
});

test('prints the gateway above the bare broadcast', () => {
  const gateway = figures({ cpuMicrosecondsPerDelivery: 15, idleKbPerSubscriber: 12 });
  const measured = [{ field: 'reportUpdated', gateway, bare }];
  assert.match(terminalTable(measured), /reportUpdated\s+10,000\s+15\.0 µs[\s\S]+bare broadcast/);
  assert.match(markdownTable(measured), /\| `reportUpdated` \| 10,000 \| 15\.0 µs \|/);
});

test('takes both fields unless one is named, and no number beyond what a machine can open', () => {
  assert.deepEqual(readOptions([])?.fields, ['reportUpdated', 'reportsUpdated']);
  assert.deepEqual(readOptions(['--field', 'reportUpdated'])?.fields, ['reportUpdated']);
  for (const wrong of [
    ['--field', 'x'],
    ['--subscribers', '0'],
    ['--subscribers', '99999'],
  ]) {
    assert.equal(readOptions(wrong), null);
  }
});

function figures(given: Partial<ServerFigures>): ServerFigures {
  return {
    subscribers: 10_000,
    events: 30,
    openedPerSecond: 1_000,
    idleKbPerSubscriber: 0,
    cpuMicrosecondsPerDelivery: 0,
    lastP50Ms: 200,
    lastP99Ms: 400,
    medianP50Ms: 100,
    undelivered: 0,
    frame: '',
    ...given,
  };
}
