import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as later } from 'node:timers/promises';
import type { MountedAnswer, MountedRequest } from '@quantumroute/ops/mounted-subgraph';
import { fromByteText, toByteText } from '../byte-text.ts';
import { mountedConnections } from './mounted-connections.ts';
import { UpstreamError } from './upstream-error.ts';

type Asked = MountedRequest & PromiseWithResolvers<MountedAnswer>;

const LIMITS = { connections: 2, queue: 2, answerBytes: 100 };
const canceled = new UpstreamError('canceled', { message: 'nobody waits' });

function answerWith(text: string): MountedAnswer {
  return { status: 200, headers: {}, text };
}

/** A subgraph that answers when the test wants it to. */
function setUp() {
  const asked: Asked[] = [];
  const connections = mountedConnections((request) => {
    const answer = Promise.withResolvers<MountedAnswer>();
    asked.push({ ...request, ...answer });
    return answer.promise;
  }, LIMITS);
  const send = (body: string) => {
    const exchange = connections.send({ body: toByteText(body), headers: {} });
    exchange.answer.catch(() => undefined);
    return exchange;
  };
  return { asked, connections, send };
}

describe('the way to a subgraph in the same process', () => {
  test('lets in so many at a time, the others in order, and refuses the rest', async () => {
    const { asked, send } = setUp();
    const exchanges = ['a', 'b', 'c', 'd'].map(send);
    assert.throws(() => send('e'), { fault: 'overloaded' });
    assert.deepEqual(
      asked.map(({ body }) => body),
      ['a', 'b'],
    );
    asked[1]?.resolve(answerWith('{}'));
    assert.equal((await exchanges[1]?.answer)?.text, '{}');
    await later();
    assert.deepEqual(
      asked.map(({ body }) => body),
      ['a', 'b', 'c'],
    );
    send('e');
    asked[0]?.resolve(answerWith('{}'));
    asked[2]?.resolve(answerWith('{}'));
    await later();
    assert.deepEqual(
      asked.map(({ body }) => body),
      ['a', 'b', 'c', 'd', 'e'],
    );
  });

  test('never asks for what was canceled while it waited', async () => {
    const { asked, send } = setUp();
    const [, , third] = ['a', 'b', 'c', 'd'].map(send);
    third?.cancel(canceled);
    await assert.rejects(third?.answer ?? Promise.resolve(), canceled);
    send('e');
    asked[0]?.resolve(answerWith('{}'));
    await later();
    assert.deepEqual(
      asked.map(({ body }) => body),
      ['a', 'b', 'd'],
    );
  });

  test('tells the subgraph that nobody waits, and keeps its place until it has ended', async () => {
    const { asked, send } = setUp();
    const [first] = ['a', 'b', 'c'].map(send);
    first?.cancel(canceled);
    await assert.rejects(first?.answer ?? Promise.resolve(), canceled);
    assert.equal(asked[0]?.signal.aborted, true);
    assert.equal(asked.length, 2);
    asked[0]?.resolve(answerWith('{}'));
    await later();
    assert.equal(asked.length, 3);
  });

  test('refuses an answer that is too large, counted in bytes', async () => {
    const { asked, send } = setUp();
    const [large, fits] = ['a', 'b'].map(send);
    asked[0]?.resolve(answerWith('ä'.repeat(51)));
    asked[1]?.resolve(answerWith('ä'.repeat(50)));
    await assert.rejects(large?.answer ?? Promise.resolve(), { fault: 'too large' });
    const { text } = (await fits?.answer) ?? assert.fail();
    assert.equal(fromByteText(text), 'ä'.repeat(50));
  });

  test('takes what fails for a subgraph that is not there', async () => {
    const { asked, send } = setUp();
    const exchange = send('a');
    asked[0]?.reject(new Error('broken'));
    await assert.rejects(exchange.answer, { fault: 'unreachable' });
  });

  test('ends everything when it is closed', async () => {
    const { asked, connections, send } = setUp();
    const exchanges = ['a', 'b', 'c'].map(send);
    await connections.close();
    for (const { answer } of exchanges) await assert.rejects(answer, { fault: 'unreachable' });
    assert.ok(asked.every(({ signal }) => signal.aborted));
    assert.equal(asked.length, 2);
  });
});
