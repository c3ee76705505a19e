import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { Attempt } from './circuit-breaker.ts';

type Outcome = Parameters<Attempt['end']>[0];

describe('the breaker of a subgraph', () => {
  const setUp = () => {
    const clock = { now: 1_000 };
    const states: string[] = [];
    const breaker = createCircuitBreaker({
      window: 20,
      failures: 10,
      restMs: 100,
      onChange: (state) => states.push(state),
      now: () => clock.now,
    });
    const run = (outcome: Outcome, times = 1): number => {
      let admitted = 0;
      for (let count = 0; count < times; count += 1) {
        const attempt = breaker.admit();
        attempt?.end(outcome);
        if (attempt) admitted += 1;
      }
      return admitted;
    };
    return { breaker, clock, states, run };
  };

  test('opens within ten failures in a row', () => {
    const { run, breaker } = setUp();
    assert.equal(run('failed', 20), 10);
    assert.equal(breaker.isClosed, false);
  });

  test('opens when half of the last twenty failed, whatever was before', () => {
    const { run, breaker } = setUp();
    run('answered', 1_000);
    for (let count = 0; count < 9; count += 1) {
      run('failed');
      run('answered');
    }
    assert.equal(breaker.isClosed, true);
    run('failed');
    assert.equal(breaker.isClosed, false);
  });

  test('stays closed when fewer fail, and counts nobody who left', () => {
    const { run, breaker } = setUp();
    for (let count = 0; count < 100; count += 1) {
      run('failed');
      run('answered', 2);
      run('given up', 5);
    }
    assert.equal(breaker.isClosed, true);
  });

  test('lets one request try after the rest, and refuses the others meanwhile', () => {
    const { run, breaker, clock, states } = setUp();
    run('failed', 10);
    assert.equal(breaker.admit(), null);
    clock.now += 100;
    const trying = breaker.admit();
    assert.ok(trying);
    assert.equal(breaker.admit(), null);
    trying.end('failed');
    assert.equal(breaker.admit(), null);
    clock.now += 100;
    assert.equal(run('answered', 5), 5);
    assert.deepEqual(states, ['open', 'trying', 'open', 'trying', 'closed']);
  });

  test('lets the next one try when the one who tried gave up', () => {
    const { run, breaker, clock } = setUp();
    run('failed', 10);
    clock.now += 100;
    assert.equal(run('given up'), 1);
    assert.equal(run('answered'), 1);
    assert.equal(breaker.isClosed, true);
  });

  test('does not listen to what was asked before it opened', () => {
    const { run, breaker, clock } = setUp();
    const early = [breaker.admit(), breaker.admit()];
    run('failed', 10);
    early[0]?.end('answered');
    assert.equal(breaker.isClosed, false);
    clock.now += 100;
    assert.equal(run('answered'), 1);
    early[1]?.end('failed');
    assert.equal(breaker.isClosed, true);
  });
});
