import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMetrics } from '@quantumroute/ops/metrics';
import { GraphQLError } from 'graphql';
import { ANONYMOUS_CALLER } from '../identity/caller.ts';
import type { Caller } from '../identity/caller.ts';
import { createLiveConnections } from './live-connections.ts';
import type { LiveLimits } from './live-connections.ts';

const user = (subject: string, expiresAt: number | null = null): Caller => ({
  identity: { ...ANONYMOUS_CALLER.identity, kind: 'user', subject, organizationId: 'a' },
  client: null,
  expiresAt,
});

const coded = (code: string) => (error: unknown) =>
  error instanceof GraphQLError &&
  error.extensions['code'] === code &&
  typeof error.extensions['retryAfterSeconds'] === 'number';

describe('live connections', () => {
  const connectionsWithin = (limits: Partial<LiveLimits> = {}) => {
    const most = 100;
    const metrics = createMetrics('test');
    const connections = createLiveConnections(
      {
        sockets: most,
        streams: most,
        operations: most,
        connectionsPerClient: most,
        operationsPerClient: most,
        ...limits,
      },
      metrics,
    );
    const ended: GraphQLError[] = [];
    const enter = (caller = ANONYMOUS_CALLER, kind: 'sockets' | 'streams' = 'sockets') =>
      connections.enter({ kind, caller, address: '::1', end: (reason) => ended.push(reason) });
    const open = async () =>
      (await metrics.liveOpen.get()).values.map(({ labels, value }) => [labels.kind, value]);
    return { ...connections, enter, ended, open };
  };

  test('are so many in total, sockets and streams apart', async () => {
    const { enter, open } = connectionsWithin({ sockets: 1, streams: 1 });
    const socket = enter();
    assert.throws(() => enter(), coded('SERVICE_UNAVAILABLE'));
    enter(ANONYMOUS_CALLER, 'streams').leave();
    socket.leave();
    socket.leave();
    enter();
    assert.throws(() => enter(), coded('SERVICE_UNAVAILABLE'));
    assert.deepEqual(await open(), [
      ['sockets', 1],
      ['streams', 0],
      ['operations', 0],
    ]);
  });

  test('are so many for each client, whatever they are', () => {
    const { enter } = connectionsWithin({ connectionsPerClient: 1 });
    const socket = enter(user('anna'));
    assert.throws(() => enter(user('anna'), 'streams'), coded('RATE_LIMITED'));
    enter(user('ben'));
    enter();
    socket.leave();
    enter(user('anna'), 'streams');
  });

  test('count for whoever turns out to own them', () => {
    const { enter } = connectionsWithin({ connectionsPerClient: 1 });
    const socket = enter();
    socket.belongsTo(user('anna'));
    const other = enter();
    assert.throws(() => other.belongsTo(user('anna')), coded('RATE_LIMITED'));
    socket.leave();
    other.belongsTo(user('anna'));
  });

  test('hold nothing for a client who left while he was being identified', () => {
    const { enter } = connectionsWithin({ connectionsPerClient: 1 });
    const gone = enter();
    gone.leave();
    gone.belongsTo(user('anna'));
    enter(user('anna'));
  });

  test('run so many operations for each client and in total', () => {
    const { enter } = connectionsWithin({ operations: 3, operationsPerClient: 2 });
    const [one, two, other] = [enter(user('anna')), enter(user('anna')), enter(user('ben'))];
    one.startOperation();
    const seat = two.startOperation();
    assert.throws(() => two.startOperation(), coded('RATE_LIMITED'));
    other.startOperation();
    assert.throws(() => other.startOperation(), coded('SERVICE_UNAVAILABLE'));
    seat.leave();
    other.startOperation();
  });

  test('end when the token of their caller expires, the newest one', ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { enter, ended } = connectionsWithin();
    const connection = enter(user('anna', 1_000));
    connection.belongsTo(user('anna', 5_000));
    mock.timers.tick(4_999);
    assert.equal(ended.length, 0);
    mock.timers.tick(1);
    assert.deepEqual(
      ended.map(({ extensions }) => extensions['code']),
      ['UNAUTHENTICATED'],
    );
  });

  test('last longer than a timer can, if their token does', ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { enter, ended } = connectionsWithin();
    const month = 31 * 86_400_000;
    enter(user('anna', month));
    mock.timers.tick(2 ** 31 - 1);
    assert.equal(ended.length, 0);
    mock.timers.tick(month - (2 ** 31 - 1));
    assert.equal(ended.length, 1);
  });

  test('move one after the other, all within the time that is given', async ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { enter, drain, ended } = connectionsWithin();
    const guests = Array.from({ length: 50 }, () => enter());
    const drained = drain({ withinMs: 1_000 });
    assert.throws(() => enter(), coded('SERVICE_UNAVAILABLE'));
    mock.timers.tick(500);
    assert.ok(ended.length > 5 && ended.length < 45, `${ended.length} of 50 at half time`);
    mock.timers.tick(500);
    assert.equal(ended.length, 50);
    assert.ok(ended.every(coded('SERVICE_UNAVAILABLE')));
    for (const guest of guests) guest.leave();
    await drained;
  });

  test('that do not leave are not waited for for ever', async ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { enter, drain } = connectionsWithin();
    enter();
    const drained = drain({ withinMs: 1_000 });
    mock.timers.tick(2_000);
    await drained;
  });
});
