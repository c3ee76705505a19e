import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { operationScope } from './operation-scope.ts';

describe('the scope of an operation', () => {
  test('ends with its client, and at its deadline', async () => {
    const client = new AbortController();
    using followed = operationScope({ signal: client.signal, deadlineMs: 60_000 });
    using late = operationScope({ signal: client.signal, deadlineMs: 5 });
    await sleep(20);
    assert.equal(late.scope.signal.aborted, true);
    assert.equal(followed.scope.signal.aborted, false);
    client.abort('left');
    assert.equal(followed.scope.signal.reason, 'left');
    using after = operationScope({ signal: client.signal, deadlineMs: 60_000 });
    assert.equal(after.scope.signal.aborted, true);
  });

  test('leaves nothing behind in a client who stays', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heapBytes = async (): Promise<number> => {
      // What hangs on timers and finalizers goes in several rounds.
      for (let round = 0; round < 5; round += 1) {
        await sleep(20);
        collect();
      }
      return process.memoryUsage().heapUsed;
    };
    const client = AbortSignal.any([new AbortController().signal, new AbortController().signal]);
    const bytesBefore = await heapBytes();
    for (let operation = 0; operation < 30_000; operation += 1) {
      using opened = operationScope({ signal: client, deadlineMs: 60_000 });
      // As the client of a subgraph does for each fetch.
      AbortSignal.any([opened.scope.signal, AbortSignal.timeout(1)]);
      if (operation % 500 === 0) await sleep(1);
    }
    const grownBytes = (await heapBytes()) - bytesBefore;
    assert.ok(grownBytes < 3_000_000, `${grownBytes} bytes`);
  });
});
