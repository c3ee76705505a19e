import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { SignJWT, generateKeyPair } from 'jose';
import { ask, codeOf } from '../small-graph/ask.ts';
import { startPeople } from '../small-graph/people.ts';
import { SECRET, startSmallGraph } from '../small-graph/small-graph.ts';
import type { SmallGraph } from '../small-graph/small-graph.ts';
import { ORGANIZATIONS } from '../small-graph/tokens.ts';

const WHO = '{ whoAmI }';
const [organization] = ORGANIZATIONS;

describe('identity', () => {
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph();
  });
  after(() => graph.close());

  const whoIs = async (token: string) => {
    const { data } = await ask(graph.url, { query: WHO, token });
    return data?.['whoAmI'];
  };

  test('nothing shown is the anonymous caller', async () => {
    const { data } = await ask(graph.url, { query: WHO });
    assert.equal(data?.['whoAmI'], 'anonymous||||');
  });

  test('a token tells organization, partner, driver and scopes', async () => {
    const [partner, driver] = [newId(), newId()];
    const claims = { sub: 'usr_1', org: organization.id, scope: 'a b' };
    assert.equal(await whoIs(await graph.tokens.sign(claims)), `user|${organization.uuid}|||a+b`);
    assert.equal(
      await whoIs(await graph.tokens.sign({ ...claims, driver: encodeId('driver', driver) })),
      `driver|${organization.uuid}||${driver}|a+b`,
    );
    const asPartner = await graph.tokens.sign({ ...claims, partner: encodeId('partner', partner) });
    const { errors } = await ask(graph.url, { query: WHO, token: asPartner });
    assert.equal(codeOf({ errors }), 'PERSISTED_QUERY_REQUIRED');
  });

  const claims = { sub: 'usr_1', org: organization.id };
  const badTokens: Record<string, () => Promise<string>> = {
    'is no JWT': async () => 'abc',
    'has expired': () => graph.tokens.sign(claims, { expiresIn: '-1m' }),
    'names another issuer': () => graph.tokens.sign(claims, { issuer: 'evil' }),
    'names an organization that is none': () =>
      graph.tokens.sign({ ...claims, org: encodeId('vehicle', newId()) }),
    'names a raw uuid': () => graph.tokens.sign({ ...claims, org: organization.uuid }),
    'has no subject': () => graph.tokens.sign({ org: organization.id }),
    'is signed with another key': async () => {
      const { privateKey } = await generateKeyPair('ES256');
      return signed(privateKey, 'ES256');
    },
    'is signed with a shared secret': () => signed(Buffer.from(SECRET), 'HS256'),
  };
  for (const [fault, make] of Object.entries(badTokens)) {
    test(`a token that ${fault} is refused, never taken for anonymous`, async () => {
      const answer = await ask(graph.url, { query: '{ motto }', token: await make() });
      assert.equal(answer.status, 401);
      assert.equal(codeOf(answer), 'UNAUTHENTICATED');
      assert.equal(answer.data, undefined);
    });
  }

  test('an authorization of another kind is refused', async () => {
    for (const authorization of ['Basic abc', 'Bearer', '']) {
      const answer = await ask(graph.url, { query: WHO, headers: { authorization } });
      assert.equal(answer.status, 401, authorization);
    }
  });

  test('a token and an API key together are refused', async () => {
    const token = await graph.tokens.sign(claims);
    const answer = await ask(graph.url, { query: WHO, token, headers: { 'x-api-key': 'k' } });
    assert.equal(codeOf(answer), 'UNAUTHENTICATED');
  });
});

describe('partner keys', () => {
  const query = '{ whoAmI }';
  const id = createHash('sha256').update(query).digest('hex');
  const credential = {
    partnerId: encodeId('partner', newId()),
    organizationId: organization.id,
    client: 'harbor',
    scopes: ['orders:read'],
  };
  const headers = { 'x-api-key': 'harbor key' };
  let graph: SmallGraph;
  before(async () => {
    graph = await startSmallGraph({ manifests: new Map([['harbor', new Map([[id, query]])]]) });
    const keySha256 = createHash('sha256').update('harbor key').digest('hex');
    graph.people.credentials.set(keySha256, credential);
  });
  after(() => graph.close());

  const asked = () => graph.people.resolved.filter((field) => field === 'partnerCredential').length;

  test('an unknown key is refused, and remembered for a moment', async () => {
    const before = asked();
    for (let count = 0; count < 3; count += 1) {
      const answer = await ask(graph.url, { query, headers: { 'x-api-key': 'unknown' } });
      assert.equal(answer.status, 401);
    }
    assert.equal(asked() - before, 1);
  });

  test('a key tells the partner, and is asked for once a minute', async () => {
    const before = asked();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(graph.url, { query, headers })),
    );
    for (const { data } of answers) {
      assert.match(String(data?.['whoAmI']), new RegExp(`^partner\\|${organization.uuid}\\|`));
    }
    assert.equal(asked() - before, 1);
  });

  test('the last good answer counts while the subgraph is away; other keys cannot be told', async () => {
    const port = Number(new URL(graph.people.url).port);
    await graph.people.close();
    const known = await ask(graph.url, { query: undefined, extensions: byHash(id), headers });
    assert.notEqual(known.status, 401);
    const unknown = await ask(graph.url, { query, headers: { 'x-api-key': 'other' } });
    assert.equal(unknown.status, 503);
    assert.equal(codeOf(unknown), 'SERVICE_UNAVAILABLE');
    Object.assign(graph.people, await startPeople(SECRET, port));
  });
});

function byHash(sha256Hash: string) {
  return { persistedQuery: { version: 1, sha256Hash } };
}

function signed(key: Parameters<SignJWT['sign']>[0], alg: string): Promise<string> {
  return new SignJWT({ sub: 'usr_1', org: organization.id })
    .setProtectedHeader({ alg, kid: 'one' })
    .setIssuer('quantumroute')
    .setAudience('quantumroute')
    .setExpirationTime('5m')
    .sign(key);
}
