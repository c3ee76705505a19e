import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { testDatabase } from '../local/testing.ts';
import { RefusedError, canonicalJson, idempotent } from './idempotency.ts';
import type { Identity } from './identity.ts';
import { ANONYMOUS } from './identity.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { migratePostgres, openPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';
import { userError } from './user-errors.ts';

const log = createLogger({ service: 'kit', level: 'silent' });
const ANNA: Identity = {
  kind: 'user',
  subject: 'anna',
  organizationId: '01936d3a-0000-7000-8000-000000000001',
  partnerId: null,
  driverId: null,
  scopes: [],
};

describe('an idempotency key', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let postgres: Postgres;

  before(async () => {
    database = await testDatabase([]);
    await migratePostgres({
      url: database.url,
      schema: 'kit',
      migrationsPath: `${import.meta.dirname}/test-migrations`,
      log,
    });
    postgres = await openPostgres({
      url: database.url,
      schema: 'kit',
      entities: [],
      poolSize: 4,
      statementTimeoutMs: 2_000,
      log,
      metrics: createMetrics('kit'),
    });
  });

  after(async () => {
    await postgres.close();
    await database.drop();
  });

  const call = (
    {
      key,
      identity = ANNA,
      body = { b: 1, a: [1], when: new Date(0) },
      operation = 'create',
    }: { key: string; identity?: Identity; body?: unknown; operation?: string },
    run: () => Promise<unknown>,
  ) => idempotent({ em: postgres.fork(), identity, operation, key, body }, run);

  test('runs once and gives the first answer again', async () => {
    let runs = 0;
    const run = async () => ({ id: `thing ${(runs += 1)}`, question: 'a ? and a $1' });
    const value = { id: 'thing 1', question: 'a ? and a $1' };
    assert.deepEqual(await call({ key: 'k1' }, run), { kind: 'done', value, replayed: false });
    const again = { key: 'k1', body: { when: new Date(0), a: [1], b: 1, c: undefined } };
    assert.deepEqual(await call(again, run), { kind: 'done', value, replayed: true });
    assert.equal(runs, 1);
  });

  test('is refused with another body', async () => {
    await call({ key: 'k2' }, async () => 1);
    assert.deepEqual(await call({ key: 'k2', body: { b: 2 } }, async () => 2), { kind: 'reused' });
  });

  test('belongs to organization, caller and operation', async () => {
    const other = '01936d3a-0000-7000-8000-000000000002';
    const partner: Identity = { ...ANNA, kind: 'partner', partnerId: other };
    for (const variant of [
      {},
      { identity: { ...ANNA, subject: 'bert' } },
      { identity: { ...ANNA, organizationId: other } },
      { identity: partner },
      { operation: 'cancel' },
    ]) {
      const result = await call({ key: 'k3', ...variant }, async () => 1);
      assert.deepEqual(result, { kind: 'done', value: 1, replayed: false });
    }
    await assert.rejects(
      call({ key: 'k3', identity: ANONYMOUS }, async () => 1),
      /organization/,
    );
  });

  test('makes a concurrent second call wait for the first', async () => {
    let runs = 0;
    const run = async () => {
      await sleep(100);
      return (runs += 1);
    };
    const results = await Promise.all([1, 2, 3].map(() => call({ key: 'k4' }, run)));
    assert.equal(runs, 1);
    assert.equal(
      results.map((result) => result.kind === 'done' && result.replayed).filter(Boolean).length,
      2,
    );
  });

  test('stays unused when the work is refused', async () => {
    const refusal = new RefusedError([userError.invalid(['input', 'name'], 'too long')]);
    const refused = call({ key: 'k5' }, () => Promise.reject(refusal));
    await assert.rejects(refused, (error) => error === refusal);
    assert.deepEqual(await call({ key: 'k5' }, async () => null), {
      kind: 'done',
      value: null,
      replayed: false,
    });
  });

  test('is forgotten after 72 hours', async () => {
    await call({ key: 'k6' }, async () => 'old');
    await call({ key: 'k7' }, async () => 'old');
    await postgres
      .fork()
      .execute(`update kit.idempotency_keys set created_at = now() - interval '73 hours'`);
    const result = await call({ key: 'k6', body: 'another' }, async () => 'new');
    assert.deepEqual(result, { kind: 'done', value: 'new', replayed: false });
    const rows = await postgres.fork().execute('select key from kit.idempotency_keys');
    assert.deepEqual(rows, [{ key: 'k6' }]);
  });

  test('needs 1 to 200 printable characters', async () => {
    for (const key of ['', 'x'.repeat(201), 'a\u0000b', '\ud800']) {
      await assert.rejects(
        call({ key }, async () => 1),
        /1 to 200/,
      );
    }
  });
});

test('canonical JSON does not depend on the order of keys', () => {
  assert.equal(canonicalJson({ b: { d: 1, c: 2 }, a: undefined }), '{"b":{"c":2,"d":1}}');
  assert.equal(canonicalJson(undefined), 'null');
});
