import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkOrder } from '../planning/checks/order.ts';
import { openOrder } from '../testing/standing-day.ts';
import { planningOrder } from './planning-parts.ts';

test('a promise comes first at equal priority, and not before a higher one', () => {
  const priorityOf = (priority: number, isPromised: boolean) => {
    const open = { ...openOrder('order', [1, 1], 0), priority, isPromised };
    const order = planningOrder(open, { place: 0, windows: [] });
    checkOrder((path, message) => assert.fail(`${path.join('.')} ${message}`), [], {
      order,
      placeCount: 1,
    });
    return order.priority;
  };
  for (const priority of [0, 50, 100]) {
    assert.ok(priorityOf(priority, true) > priorityOf(priority, false));
  }
  assert.ok(priorityOf(50, true) < priorityOf(51, false));
});
