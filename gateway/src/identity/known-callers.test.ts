import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failure } from '@quantumroute/ops/failures';
import { ANONYMOUS } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import type { Credentials } from './authenticate.ts';
import type { Caller } from './caller.ts';
import { createKnownCallers, describeCaller } from './known-callers.ts';

const USER: Identity = {
  kind: 'user',
  subject: 'ann',
  organizationId: 'org',
  partnerId: null,
  driverId: null,
  scopes: ['a', 'b'],
};

function callerOf(identity: Partial<Identity>, rest: Partial<Caller> = {}): Caller {
  return { identity: { ...USER, ...identity }, client: null, expiresAt: null, ...rest };
}

describe('known callers', () => {
  const setUp = (caller: Caller = callerOf({})) => {
    const clock = { now: 1_000_000 };
    const asked: Credentials[] = [];
    const authenticate = async (credentials: Credentials) => {
      asked.push(credentials);
      const { authorization, apiKey } = credentials;
      if (authorization === 'good' && apiKey === undefined) return caller;
      throw failure('UNAUTHENTICATED', 'No');
    };
    const callers = createKnownCallers(authenticate, { now: () => clock.now });
    return { ...callers, clock, asked };
  };

  test('are recognised for ten seconds after they were authenticated', async () => {
    const { authenticate, known, clock, asked } = setUp();
    const credentials = { authorization: 'good' };
    assert.equal(known(credentials), undefined);
    await authenticate(credentials);
    await authenticate(credentials);
    assert.equal(known(credentials)?.caller.identity.subject, 'ann');
    assert.equal(asked.length, 1);
    clock.now += 10_000;
    assert.equal(known(credentials), undefined);
    await authenticate(credentials);
    assert.equal(asked.length, 2);
  });

  test('are not recognised after the end of their token', async () => {
    const { authenticate, known, clock } = setUp(callerOf({}, { expiresAt: 1_003_000 }));
    await authenticate({ authorization: 'good' });
    clock.now += 3_000;
    assert.equal(known({ authorization: 'good' }), undefined);
  });

  test('are not those who show something else, or something more, or nothing', async () => {
    const { authenticate, known } = setUp();
    await authenticate({ authorization: 'good' });
    for (const others of [
      { apiKey: 'good' },
      { authorization: '' },
      { authorization: 'good', apiKey: '' },
      { authorization: 'bad' },
    ]) {
      assert.equal(known(others), undefined, JSON.stringify(others));
      await assert.rejects(authenticate(others));
      assert.equal(known(others), undefined, JSON.stringify(others));
    }
    assert.equal(known({})?.caller.identity, ANONYMOUS);
  });

  test('are of one group when they may see the same, and themselves by their subject', () => {
    const ann = describeCaller(callerOf({}));
    const ben = describeCaller(callerOf({ subject: 'ben', scopes: ['b', 'a', 'a'] }));
    assert.equal(ann.group, ben.group);
    assert.notEqual(ann.self, ben.self);
    const others = [
      callerOf({ scopes: ['a'] }),
      callerOf({ scopes: ['a b'] }),
      callerOf({ organizationId: 'other' }),
      callerOf({ organizationId: null, partnerId: 'org' }),
      callerOf({ kind: 'driver' }),
      callerOf({ driverId: 'd' }),
      callerOf({}, { client: 'harbor' }),
    ].map((caller) => describeCaller(caller).group);
    assert.equal(new Set([ann.group, ...others]).size, others.length + 1);
  });
});
