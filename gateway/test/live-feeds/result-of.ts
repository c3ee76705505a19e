import assert from 'node:assert/strict';
import type { Watch } from '../subscriptions/live-clients.ts';

/** Waits until the data of a result passes, and gives them; any error is a failure. */
export async function resultOf(watch: Watch, passes: (data: unknown) => boolean): Promise<unknown> {
  for (let seen = 0; ; seen += 1) {
    const result = (await watch.until(seen + 1))[seen];
    assert.ok(result, 'the subscription has ended');
    assert.equal(result.errors, undefined, JSON.stringify(result.errors));
    if (passes(result.data)) return result.data;
  }
}
