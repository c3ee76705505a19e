import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newId } from '@quantumroute/schema/ids';

import { addressHash, createOfferTokens } from './offer-token.ts';
import type { SlotOffer } from './offer-token.ts';

const SECRET = 'a secret of the tests that is long enough';
const PLACE = {
  addressLines: ['Street 1'],
  postalCode: '10115',
  countryCode: 'DE',
  point: { latitude: 52.5, longitude: 13.4 },
};
const OFFER: SlotOffer = {
  id: newId(),
  organizationId: newId(),
  partnerId: null,
  depotId: newId(),
  serviceDate: '2026-12-01',
  windowStartMs: 1_000,
  windowEndMs: 2_000,
  address: addressHash(PLACE),
  load: { weightKg: 1, volumeM3: 0.1, parcels: 1 },
  serviceSeconds: 180,
  requirements: ['TAIL_LIFT'],
  expiresAtMs: 3_000,
};

test('a token opens to what was sealed', () => {
  const tokens = createOfferTokens(SECRET);
  assert.deepEqual(tokens.open(tokens.seal(OFFER)), OFFER);
});

test('no bit of a token can be changed', () => {
  const tokens = createOfferTokens(SECRET);
  const sealed = Buffer.from(tokens.seal(OFFER), 'base64url');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    assert.equal(tokens.open(changed.toString('base64url')), null, `byte ${at}`);
  }
});

test('a token of another secret, a short one and a huge one do not open', () => {
  const tokens = createOfferTokens(SECRET);
  const foreign = createOfferTokens(`another ${SECRET}`).seal(OFFER);
  for (const token of [foreign, '', 'forged', 'A'.repeat(100_000), '🚚'.repeat(100)]) {
    assert.equal(tokens.open(token), null);
  }
});

test('nothing can be read from a token', () => {
  const token = createOfferTokens(SECRET).seal(OFFER);
  const bytes = Buffer.from(token, 'base64url').toString('latin1');
  assert.doesNotMatch(bytes, /TAIL_LIFT|organization|2026/);
});

test('an offer with as many long requirements as an order may have opens', () => {
  const tokens = createOfferTokens(SECRET);
  const requirements = Array.from({ length: 20 }, (_, index) => `${index}${'冷'.repeat(48)}`);
  const offer = { ...OFFER, requirements };
  assert.deepEqual(tokens.open(tokens.seal(offer)), offer);
});

test('a token that lacks what this release wants is no offer', () => {
  const tokens = createOfferTokens(SECRET);
  const { load: _, ...rest } = OFFER;
  assert.equal(tokens.open(tokens.seal(rest as SlotOffer)), null);
});

test('an address is the same with another name, and not with another street or point', () => {
  const hash = addressHash(PLACE);
  const renamed = { ...PLACE, name: 'Somebody', instructions: 'Ring twice' };
  assert.equal(addressHash(renamed), hash);
  assert.notEqual(addressHash({ ...PLACE, addressLines: ['Street 2'] }), hash);
  assert.notEqual(addressHash({ ...PLACE, point: { latitude: 52.6, longitude: 13.4 } }), hash);
});
