import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import {
  ANONYMOUS,
  createIdentitySigner,
  createIdentityVerifier,
  organizationOf,
} from './identity.ts';
import type { Identity } from './identity.ts';

const SECRET = 'a secret that is only used by these tests';
const DRIVER: Identity = {
  kind: 'driver',
  subject: 'dora',
  organizationId: '01936d3a-0000-7000-8000-000000000001',
  partnerId: null,
  driverId: '01936d3a-0000-7000-8000-000000000002',
  scopes: ['routes:execute'],
};
const unauthenticated = { extensions: { code: 'UNAUTHENTICATED' } };

test('what is signed is verified, unchanged', async () => {
  const signer = createIdentitySigner(SECRET);
  const verifier = createIdentityVerifier(SECRET);
  for (const identity of [DRIVER, ANONYMOUS]) {
    const token = await signer.sign(identity);
    assert.deepEqual(await verifier.verify(token), identity);
    assert.deepEqual(await verifier.verify(token), identity);
  }
});

test('a token is reused for the same identity only', async () => {
  const signer = createIdentitySigner(SECRET);
  const token = await signer.sign(DRIVER);
  assert.equal(await signer.sign({ ...DRIVER }), token);
  assert.notEqual(await signer.sign({ ...DRIVER, scopes: [] }), token);
});

test('a token of someone else, for someone else, too old or garbled is refused', async () => {
  const verifier = createIdentityVerifier(SECRET);
  const key = createSecretKey(Buffer.from(SECRET));
  const token = () =>
    new SignJWT({ identity: DRIVER })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('quantumroute-gateway')
      .setAudience('quantumroute-subgraphs')
      .setExpirationTime('60 s');
  assert.deepEqual(await verifier.verify(await token().sign(key)), DRIVER);
  for (const refused of [
    await createIdentitySigner(`${SECRET}!`).sign(DRIVER),
    await token().setAudience('others').sign(key),
    await token()
      .setExpirationTime(new Date(Date.now() - 60_000))
      .sign(key),
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
    'garbage',
  ]) {
    await assert.rejects(verifier.verify(refused), unauthenticated);
  }
});

test('a verified token does not outlive its expiry in the cache', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const verifier = createIdentityVerifier(SECRET);
  const token = await new SignJWT({ identity: DRIVER })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('quantumroute-gateway')
    .setAudience('quantumroute-subgraphs')
    .setExpirationTime('60 s')
    .sign(createSecretKey(Buffer.from(SECRET)));
  await verifier.verify(token);
  t.mock.timers.tick(61_000);
  await assert.rejects(verifier.verify(token), unauthenticated);
});

test('a caller without organization is refused', () => {
  assert.equal(organizationOf(DRIVER), DRIVER.organizationId);
  assert.throws(() => organizationOf(ANONYMOUS), { extensions: { code: 'FORBIDDEN' } });
});
