import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { testRedis } from '../local/testing.ts';
import type { TestRedis } from '../local/testing.ts';
import { createEventFeed } from './event-feed.ts';
import type { EventFeed } from './event-feed.ts';
import type { EventLog } from './event-log.ts';
import { LiveEvent } from './live-event.ts';
import type { LiveSource } from './live-event.ts';
import { createLogger } from './log.ts';
import { createLogPublisher, openEventLog, subscribeToEvents } from './organization-events.ts';
import { openRedis } from './redis.ts';
import { startTestProxy } from './test-proxy.ts';
import { watchFeed } from './watch-feed.ts';

type Moved = { organizationId: string; id: string; version: number };
type Row = Moved & { changedAtMs: number };

const ACME = '018f0000-0000-7000-8000-000000000001';
const OTHER = '018f0000-0000-7000-8000-000000000002';
const log = createLogger({ service: 'kit', level: 'silent' });

const MOVES = {
  channelOf: (prefix: string, organizationId: string) => `${prefix}moved:${organizationId}`,
  read: (message: string) => (message.startsWith('{') ? (JSON.parse(message) as Moved) : null),
  keyOf: ({ id }: Moved) => id,
  versionOf: ({ version }: Moved) => version,
};

describe('a feed', { timeout: 60_000 }, () => {
  let redis: TestRedis;
  let world: World;
  before(async () => {
    redis = await testRedis();
  });
  after(() => redis.stop());
  beforeEach(async () => {
    world = await openWorld(redis);
  });
  afterEach(() => world.close());

  test('tells what happens from now on, and goes on after a position', async () => {
    await world.change('old');
    const first = await world.watch(null);
    assert.equal((await next(first)).kind, 'mark');
    await world.change('a');
    const a = await next(first);
    assert.deepEqual([a.text, a.settles, a.key], ['a1', true, 'a']);
    await first.return?.();
    for (const id of ['b', 'c', 'b']) await world.change(id);
    const second = await world.watch(a.position);
    // What changed twice is told once, in its latest state.
    assert.deepEqual(await texts(second, 2), ['c1', 'b2']);
    assert.equal((await next(second)).kind, 'mark');
    await world.change('d');
    assert.deepEqual(await texts(second, 1), ['d1']);
    await second.return?.();
  });

  test('tells nobody twice what he was shown ahead of the log', async () => {
    const first = await world.watch(null);
    await next(first);
    world.set('a', 2);
    await world.publish({ organizationId: ACME, id: 'a', version: 1 });
    const shown = await next(first);
    assert.equal(shown.text, 'a2');
    await first.return?.();
    await world.publish({ organizationId: ACME, id: 'a', version: 2 });
    const second = await world.watch(shown.position);
    assert.equal((await next(second)).kind, 'mark');
    await world.change('b');
    assert.deepEqual(await texts(second, 1), ['b1']);
    await second.return?.();
  });

  test('says that there is a gap where the log was trimmed, and tells the latest states', async () => {
    const first = await world.watch(null);
    await next(first);
    await world.change('x');
    const { position } = await next(first);
    await first.return?.();
    for (let count = 0; count < 30; count += 1) await world.change(`n${count % 3}`);
    const second = await world.watch(position);
    const told = [await next(second), await next(second), await next(second), await next(second)];
    assert.deepEqual(
      told.map(({ text, gap }) => [text, gap]),
      // What the reader knows already may come again.
      [
        ['x1', 'TRIMMED'],
        ['n010', undefined],
        ['n110', undefined],
        ['n210', undefined],
      ],
    );
    await second.return?.();
  });

  test('says that there is a gap where Redis has forgotten everything', async () => {
    const first = await world.watch(null);
    await next(first);
    await world.change('a');
    const { position } = await next(first);
    await first.return?.();
    await redis.flush();
    await world.change('b');
    const second = await world.watch(position);
    const told = [await next(second), await next(second)];
    assert.deepEqual(told.map(({ text }) => text).sort(), ['a1', 'b1']);
    assert.equal(told[0]?.gap, 'RESET');
    await second.return?.();
  });

  test('says that there is a gap where more has changed unseen than anybody looks at', async () => {
    const [reader, other] = [await world.watch(null), await world.watch(null, OTHER)];
    await Promise.all([next(reader), next(other)]);
    world.set('silent', 1, OTHER);
    for (let count = 0; count < 6_000; count += 1) world.set(`n${count}`, 1);
    const told = [next(reader), next(other)];
    for (let patience = 100; patience > 0; patience -= 1) {
      await world.feed.catchUp();
      if (await Promise.race([Promise.all(told).then(() => true), sleep(50)])) break;
    }
    const [many, one] = await Promise.all(told);
    assert.deepEqual([many?.text, many?.gap], ['n50001', 'RESET']);
    assert.deepEqual([one?.text, one?.gap], ['silent1', undefined]);
    for (const each of [reader, other]) await each.return?.();
  });

  test('says nothing of a gap where more has changed than is kept, and all of it was seen', async () => {
    const first = await world.watch(null);
    await next(first);
    for (let count = 0; count < 15; count += 1) await world.change(`n${count}`);
    let last = await next(first);
    while (last.text !== 'n141') last = await next(first);
    await first.return?.();
    // More than one turn at looking for unseen changes.
    for (let patience = 70; patience > 0; patience -= 1) {
      await world.feed.catchUp();
      await sleep(50);
    }
    await world.change('z');
    const second = await world.watch(last.position);
    const { text, gap } = await next(second);
    assert.deepEqual([text, gap], ['z1', undefined]);
    await second.return?.();
  });

  test('goes on by the rows while Redis is away, without gap or repetition', async () => {
    const reader = await world.watch(null);
    await next(reader);
    await world.change('a');
    assert.deepEqual(await texts(reader, 1), ['a1']);
    await redis.kill();
    await world.change('b');
    void world.feed.catchUp();
    assert.deepEqual(await texts(reader, 1), ['b1']);
    await redis.start();
    await world.published(() => world.change('c'));
    const rest: string[] = [];
    while (!rest.at(-1)?.startsWith('c')) rest.push(...(await texts(reader, 1)));
    assert.deepEqual(new Set(rest.map((text) => text[0])), new Set('c'));
    await reader.return?.();
  });

  test('tells what its process never published', async () => {
    const reader = await world.watch(null);
    await next(reader);
    world.set('silent', 1);
    const waiting = next(reader);
    for (let patience = 100; patience > 0; patience -= 1) {
      await world.feed.catchUp();
      if (await Promise.race([waiting.then(() => true), sleep(50)])) break;
    }
    const { text, position } = await waiting;
    assert.equal(text, 'silent1');
    await reader.return?.();
    // It is in the log now.
    const second = await world.watch(position);
    assert.equal((await next(second)).kind, 'mark');
    await second.return?.();
  });

  test('reads the log again by itself once Redis answers, although nobody rings', async () => {
    const { hostname: host, port } = new URL(redis.url);
    const proxy = await startTestProxy({ host, port: Number(port) });
    const redisUrl = `redis://${host}:${proxy.port}`;
    const opened = openEventLog(MOVES, { ...world.connection, redisUrl });
    while (!(await isThere(opened.log))) await sleep(20);
    const failed = Promise.withResolvers<void>();
    const watched: EventLog<Moved> = {
      ...opened.log,
      async after(...wanted) {
        try {
          return await opened.log.after(...wanted);
        } catch (error) {
          failed.resolve();
          throw error;
        }
      },
    };
    let ring = () => undefined as void;
    const reader = await watchFeed<Moved, Row>(
      { events: MOVES, log: watched, changedSince: async () => [] },
      {
        organizationId: ACME,
        from: null,
        load: async ({ id }) => world.rows.get(id) ?? null,
        listen(listener) {
          ring = listener;
          return () => undefined;
        },
      },
    );
    assert.equal((await next(reader)).kind, 'mark');
    const waiting = texts(reader, 1);
    proxy.pause();
    ring();
    await failed.promise;
    await world.change('a');
    proxy.resume();
    assert.deepEqual(await waiting, ['a1']);
    await reader.return?.();
    await opened.close();
    await proxy.close();
  });

  test('tells a state that cannot be read now as soon as it can', async () => {
    const reader = await world.watch(null);
    await next(reader);
    world.isAway = true;
    await world.change('a');
    const waiting = next(reader);
    await world.refused();
    world.isAway = false;
    assert.equal((await waiting).text, 'a1');
    await world.change('b');
    assert.deepEqual(await texts(reader, 1), ['b1']);
    await reader.return?.();
  });
});

describe('a feed whose Redis starts again with its data', { timeout: 60_000 }, () => {
  let redis: TestRedis;
  let world: World;
  before(async () => {
    redis = await testRedis({ durable: true });
    await configure('appendfsync', 'always');
    world = await openWorld(redis);
  });
  after(async () => {
    await world.close();
    await redis.stop();
  });
  const configure = async (name: string, value: string) => {
    const client = openRedis({ url: redis.url, log, role: 'subscriber' });
    await client.config('SET', name, value);
    client.disconnect();
  };
  const restart = async () => {
    await redis.kill();
    await redis.start();
    await configure('appendfsync', 'always');
    await world.published(async () => undefined);
  };

  test('goes on where it was, without gap or repetition', async () => {
    const first = await world.watch(null);
    await next(first);
    await world.change('a');
    const { position } = await next(first);
    await first.return?.();
    await world.change('b');
    await restart();
    await world.change('c');
    const second = await world.watch(position);
    const told = [await next(second), await next(second), await next(second)];
    assert.deepEqual(
      told.map(({ text, gap }) => [text, gap]),
      [
        ['b1', undefined],
        ['c1', undefined],
        ['', undefined],
      ],
    );
    await second.return?.();
  });

  test('tells of a gap who was told what it has lost, and all others what follows', async () => {
    const first = await world.watch(null);
    await next(first);
    await world.change('kept');
    const kept = await next(first);
    await configure('appendonly', 'no');
    await world.change('lost');
    const lost = await next(first);
    await first.return?.();
    await restart();
    const behind = await world.watch(kept.position);
    const ahead = await world.watch(lost.position);
    assert.equal((await next(ahead)).gap, 'RESET');
    // Whoever looks for changes that nobody has appended finds it.
    let again = await next(behind);
    while (again.kind === 'mark' && !again.gap) again = await next(behind);
    assert.deepEqual([again.text, again.gap], ['lost1', undefined]);
    for (const reader of [behind, ahead]) await reader.return?.();
  });
});

type World = Awaited<ReturnType<typeof openWorld>>;

/** Rows, and everything between their changes and a reader. */
async function openWorld(redis: TestRedis) {
  const rows = new Map<string, Row>();
  const connection = { redisUrl: redis.url, redisPrefix: `${Math.random()}:`, log, logEntries: 10 };
  const publisher = createLogPublisher(MOVES, connection);
  const opened = openEventLog(MOVES, connection);
  const feed: EventFeed<Moved> = createEventFeed({
    events: MOVES,
    log: opened.log,
    logger: log,
    changedSince: async ({ organizationId: wanted, without = [], sinceMs, limit }) =>
      [...rows.values()]
        .filter(({ changedAtMs }) => changedAtMs > sinceMs)
        .filter(({ organizationId }) => organizationId === (wanted ?? organizationId))
        .filter(({ organizationId }) => !without.includes(organizationId))
        .slice(-limit)
        .map(({ organizationId, id, version }) => ({ organizationId, id, version })),
  });
  const heard = subscribeToEvents(MOVES, connection, {
    onEvent: feed.tell,
    onGap: () => void feed.catchUp(),
  });
  const set = (id: string, version: number, organizationId = ACME): Moved => {
    const moved = { organizationId, id, version };
    rows.delete(id);
    rows.set(id, { ...moved, changedAtMs: Date.now() });
    return moved;
  };
  const refused = Promise.withResolvers<void>();
  const world = {
    feed,
    set,
    rows,
    connection,
    isAway: false,
    /** Until a state could not be read. */
    refused: () => refused.promise,
    publish: publisher.publish,
    change: async (id: string) => publisher.publish(set(id, (rows.get(id)?.version ?? 0) + 1)),
    /** Repeats a change until Redis has taken one. */
    async published(change: () => Promise<void>) {
      while (!(await isThere(opened.log))) await sleep(20);
      await sleep(100);
      await change();
    },
    watch: (from: string | null | undefined, organizationId = ACME): Promise<LiveSource<Row>> =>
      feed.watch({
        organizationId,
        from: from ?? null,
        load: async ({ id }) => {
          if (world.isAway) {
            refused.resolve();
            throw new Error('away');
          }
          return rows.get(id) ?? null;
        },
      }),
    async close() {
      feed.close();
      await Promise.all([heard.close(), publisher.close(), opened.close()]);
    },
  };
  await world.published(async () => undefined);
  return world;
}

function isThere(log: EventLog<Moved>): Promise<boolean> {
  return log.head(ACME).then(
    () => true,
    () => false,
  );
}

async function next(reader: LiveSource<Row>) {
  const { value } = await reader.next();
  const isEvent = value instanceof LiveEvent;
  return {
    kind: isEvent ? 'event' : 'mark',
    text: isEvent ? `${value.value.id}${value.value.version}` : '',
    ...(value.note as LiveEvent<Row>['note']),
  };
}

async function texts(reader: LiveSource<Row>, count: number): Promise<string[]> {
  const told: string[] = [];
  while (told.length < count) {
    const { kind, text } = await next(reader);
    if (kind === 'event') told.push(text);
  }
  return told;
}
