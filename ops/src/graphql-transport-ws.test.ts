import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { failure } from './failures.ts';
import { serveGraphqlSockets } from './graphql-sockets.ts';
import { SocketRefusal } from './graphql-transport-ws.ts';
import type { ResultSource, SocketAnswer, SocketHandle } from './graphql-transport-ws.ts';
import { createLogger } from './log.ts';

/** Gives nothing until it is returned. */
function silence(onReturn: () => void): ResultSource {
  const { promise, resolve } = Promise.withResolvers<{ done: true; value: undefined }>();
  const done = { done: true, value: undefined } as const;
  return {
    next: () => promise,
    async return() {
      onReturn();
      resolve(done);
      return done;
    },
  };
}

describe('graphql-transport-ws', { timeout: 60_000 }, () => {
  let http: Server;
  let served: { close(): Promise<void> };
  let left = 0;
  let returned = 0;
  let handle: SocketHandle | undefined;
  const over: AbortSignal[] = [];
  const answers: Record<string, () => Promise<SocketAnswer>> = {
    one: async () => ({ kind: 'result', result: { data: { one: 1 } } }),
    refused: async () => ({ kind: 'refused', errors: [failure('FORBIDDEN', 'No').toJSON()] }),
    silent: async () => ({ kind: 'stream', stream: silence(() => (returned += 1)) }),
    broken: () => Promise.reject(new Error('secret')),
    slow: () => slow.promise,
  };
  const slow = Promise.withResolvers<SocketAnswer>();
  before(async () => {
    http = createServer();
    served = serveGraphqlSockets({
      node: http,
      path: '/graphql',
      log: createLogger({ service: 'test', level: 'silent' }),
      limits: { initTimeoutMs: 1_000, pingIntervalMs: 500, maxOperationsPerSocket: 2 },
      admit(request) {
        if (request.headers['x-refused']) {
          throw failure('RATE_LIMITED', 'Later', { retryAfterSeconds: 7 });
        }
        return {
          opened: (socket) => void (handle = socket),
          async connect({ bad }) {
            if (bad) throw new SocketRefusal(4403, 'Bad');
          },
          async open({ query }, { signal }) {
            over.push(signal);
            const answer = answers[query];
            assert.ok(answer);
            return answer();
          },
          ping: async (payload) => ({ heard: payload['said'] }),
          left: () => void (left += 1),
          textOf: (result) => JSON.stringify({ ...result, extensions: { made: 'once' } }),
        };
      },
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await served.close();
    http.close();
  });
  beforeEach(() => {
    left = 0;
    returned = 0;
    over.length = 0;
  });

  const connect = (options: object = {}, protocol = 'graphql-transport-ws') => {
    const { port } = http.address() as AddressInfo;
    return new WebSocket(`ws://127.0.0.1:${port}/graphql`, protocol, options);
  };
  const talk = async (options: object = {}) => {
    const socket = connect(options);
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    const closed = once(socket, 'close') as Promise<[number, Buffer]>;
    await once(socket, 'open');
    const say = (message: object) => socket.send(JSON.stringify(message));
    const until = async (count: number) => {
      while (heard.length < count) await sleep(5);
      return heard;
    };
    const init = async () => {
      say({ type: 'connection_init' });
      assert.deepEqual(await until(1), ['{"type":"connection_ack"}']);
      heard.length = 0;
    };
    const subscribe = (id: string, query: string) =>
      say({ id, type: 'subscribe', payload: { query } });
    return { socket, say, until, init, subscribe, code: async () => (await closed)[0] };
  };

  test('answers what is being executed before it closes, and begins nothing more', async () => {
    const { until, init, subscribe, code } = await talk();
    await init();
    subscribe('a', 'slow');
    subscribe('b', 'silent');
    while (over.length < 2) await sleep(5);
    handle?.close(1001, 'Moving');
    subscribe('c', 'one');
    await sleep(50);
    assert.equal(over.length, 2);
    slow.resolve({ kind: 'result', result: { data: { slow: true } } });
    assert.equal(await code(), 1001);
    const heard = (await until(2)).map((text) => JSON.parse(text) as object);
    assert.deepEqual(heard, [
      {
        id: 'a',
        type: 'next',
        payload: { data: { slow: true }, extensions: { made: 'once' } },
      },
      { id: 'a', type: 'complete' },
    ]);
    while (returned < 1) await sleep(5);
  });

  test('sends results as the text that is made for them, and tells when each is over', async () => {
    const { until, init, subscribe, socket } = await talk();
    await init();
    subscribe('a', 'one');
    assert.deepEqual(await until(2), [
      '{"id":"a","type":"next","payload":{"data":{"one":1},"extensions":{"made":"once"}}}',
      '{"id":"a","type":"complete"}',
    ]);
    assert.ok(over[0]?.aborted);
    subscribe('a', 'refused');
    const [, , refused] = await until(3);
    assert.match(refused ?? '', /^{"id":"a","type":"error","payload":\[{"message":"No".*FORBIDDEN/);
    socket.close();
    while (left === 0) await sleep(5);
  });

  test('lets go of an operation at once, whoever ends it', async () => {
    const { say, until, init, subscribe, socket } = await talk();
    await init();
    subscribe('left', 'silent');
    while (over.length < 1) await sleep(5);
    say({ id: 'left', type: 'complete' });
    while (returned < 1) await sleep(5);
    subscribe('ended', 'silent');
    while (over.length < 2) await sleep(5);
    handle?.endOperations({ message: 'Enough' });
    const [last, complete] = await until(2);
    assert.match(
      last ?? '',
      /"id":"ended","type":"next","payload":{"errors":\[{"message":"Enough"/,
    );
    assert.equal(complete, '{"id":"ended","type":"complete"}');
    subscribe('cut', 'silent');
    while (over.length < 3) await sleep(5);
    socket.terminate();
    while (returned < 3 || left < 1) await sleep(5);
    assert.ok(over.every(({ aborted }) => aborted));
  });

  test('bounds the operations of a socket, and refuses one more alone', async () => {
    const { until, init, subscribe, socket } = await talk();
    await init();
    for (const id of ['a', 'b', 'c']) subscribe(id, 'silent');
    const [refused] = await until(1);
    assert.match(refused ?? '', /^{"id":"c","type":"error".*RATE_LIMITED/);
    socket.close();
  });

  test('answers a ping with what the session makes of it', async () => {
    const { say, until, init, socket } = await talk();
    await init();
    say({ type: 'ping', payload: { said: 'hello' } });
    await until(1);
    say({ type: 'ping' });
    assert.deepEqual(await until(2), [
      '{"type":"pong","payload":{"heard":"hello"}}',
      '{"type":"pong"}',
    ]);
    socket.close();
  });

  for (const [what, code, messages] of [
    ['is no message', 4400, ['nonsense']],
    ['only servers send', 4400, ['{"type":"connection_ack"}']],
    ['subscribes too early', 4401, ['{"id":"a","type":"subscribe","payload":{"query":"one"}}']],
    ['initialises badly', 4403, ['{"type":"connection_init","payload":{"bad":true}}']],
    ['initialises twice', 4429, ['{"type":"connection_init"}', '{"type":"connection_init"}']],
    ['never comes', 4408, []],
  ] as const) {
    test(`closes with ${code} upon what ${what}`, async () => {
      const { socket, code: closed } = await talk();
      for (const message of messages) socket.send(message);
      assert.equal(await closed(), code);
    });
  }

  test('closes upon an id that is in use, and upon a mistake of ours without a word of it', async () => {
    const twice = await talk();
    await twice.init();
    twice.subscribe('a', 'silent');
    twice.subscribe('a', 'silent');
    assert.equal(await twice.code(), 4409);
    const broken = await talk();
    await broken.init();
    broken.subscribe('a', 'broken');
    assert.equal(await broken.code(), 4500);
    const other = connect({}, 'other');
    await assert.rejects(once(other, 'open'));
  });

  test('cuts off who leaves a ping of the WebSocket unanswered', async () => {
    const { init, code } = await talk({ autoPong: false });
    await init();
    assert.equal(await code(), 1006);
    while (left === 0) await sleep(5);
  });

  test('refuses an upgrade with its code and when to come again', async () => {
    const socket = connect({ headers: { 'x-refused': 'yes' } });
    const [, response] = (await once(socket, 'unexpected-response')) as [
      unknown,
      AsyncIterable<Buffer> & { statusCode: number; headers: Record<string, string> },
    ];
    assert.equal(response.statusCode, 429);
    assert.equal(response.headers['retry-after'], '7');
    let body = '';
    for await (const chunk of response) body += chunk.toString();
    assert.match(body, /"code":"RATE_LIMITED"/);
  });
});
