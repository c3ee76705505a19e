import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ANONYMOUS_CALLER } from './caller.ts';
import { clientAddress, clientKeyOf } from './client-key.ts';

const from = (remoteAddress: string, forwarded?: string) => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  socket: { remoteAddress } as never,
});

describe('the address of a client', () => {
  test('is that of the connection, whatever a header says', () => {
    assert.equal(clientAddress(from('203.0.113.7', '198.51.100.1'), 0), '203.0.113.7');
    assert.equal(clientAddress(from('::ffff:203.0.113.7'), 0), '203.0.113.7');
  });

  test('is what the outermost trusted proxy saw', () => {
    const request = from('10.0.0.1', 'made up, 203.0.113.7, 10.0.0.2');
    assert.equal(clientAddress(request, 1), '10.0.0.2');
    assert.equal(clientAddress(request, 2), '203.0.113.7');
    assert.equal(clientAddress(from('10.0.0.1'), 1), '10.0.0.1');
  });

  test('is one for a whole network of IPv6', () => {
    const networks = ['2001:db8::1', '2001:DB8:0:0:ffff::2', '2001:0db8:0000:0000:1:2:3:4'];
    for (const address of networks) {
      assert.equal(clientAddress(from(address), 0), '2001:db8:0:0::/64');
    }
    assert.equal(clientAddress(from('::1'), 0), '0:0:0:0::/64');
  });
});

describe('the key of a client', () => {
  const callerWith = (identity: object) => ({
    ...ANONYMOUS_CALLER,
    identity: { ...ANONYMOUS_CALLER.identity, ...identity },
  });

  test('is the address only for somebody unknown', () => {
    const user = callerWith({ kind: 'user', subject: 'usr_1', organizationId: 'a' });
    assert.equal(clientKeyOf(user, '1'), clientKeyOf(user, '2'));
    assert.notEqual(clientKeyOf(ANONYMOUS_CALLER, '1'), clientKeyOf(ANONYMOUS_CALLER, '2'));
  });

  test('is shared by all keys of a partner, and by nobody else', () => {
    const partner = { kind: 'partner', organizationId: 'a', partnerId: 'p' };
    const [one, two] = ['key 1', 'key 2'].map((subject) => callerWith({ ...partner, subject }));
    assert.equal(clientKeyOf(one as never, '1'), clientKeyOf(two as never, '1'));
    const other = callerWith({ ...partner, organizationId: 'b', subject: 'key 1' });
    assert.notEqual(clientKeyOf(one as never, '1'), clientKeyOf(other, '1'));
  });
});
