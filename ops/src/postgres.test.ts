import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { testDatabase } from '../local/testing.ts';
import { databaseFailure } from './database-failure.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { migratePostgres, openPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';
import { newRequestScope, runInRequest } from './request.ts';
import { receiveSpans } from './test-spans.ts';
import { startTestProxy } from './test-proxy.ts';
import type { TestProxy } from './test-proxy.ts';
import { endSpan, startRequestSpan, startTracing } from './tracing.ts';

const log = createLogger({ service: 'kit', level: 'silent' });
const migrationsPath = `${import.meta.dirname}/test-migrations`;

describe('PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let proxy: TestProxy;
  let postgres: Postgres;
  const metrics = createMetrics('kit');

  before(async () => {
    database = await testDatabase([]);
    const { hostname, port } = new URL(database.url);
    proxy = await startTestProxy({ host: hostname, port: Number(port) });
    const url = new URL(database.url);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    postgres = await openPostgres({
      url: url.href,
      schema: 'kit',
      entities: [],
      poolSize: 3,
      statementTimeoutMs: 1_000,
      log,
      metrics,
    });
  });

  after(async () => {
    await postgres.close();
    await proxy.close();
    await database.drop();
  });

  test('applies each migration once, also when two processes start at the same time', async () => {
    const options = { url: database.url, schema: 'kit', migrationsPath, log };
    const counts = await Promise.all([migratePostgres(options), migratePostgres(options)]);
    assert.ok(counts.includes(0) && counts.includes(2), String(counts));
    const rows = await postgres.fork().execute('select name from kit.migrations order by id');
    assert.equal(rows.length, 2);
  });

  test('counts statements of the request, but not the frame of a transaction', async () => {
    const scope = newRequestScope({ requestId: 'r1' });
    await runInRequest(scope, () =>
      postgres.fork().transactional(async (em) => {
        await em.execute('select 1');
        await em.execute('select pg_sleep(0.02)');
      }),
    );
    assert.equal(scope.sql.statements, 2);
    assert.ok(scope.sql.milliseconds >= 20 && scope.sql.milliseconds < 500);
    const text = await metrics.registry.metrics();
    assert.match(text, /quantumroute_sql_seconds_count\{service="kit"\} [1-9]/);
  });

  test('tells each statement of a traced request by its verb, and nothing more of it', async () => {
    const receiver = await receiveSpans();
    const stop = await startTracing({
      service: 'kit',
      config: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: 1 },
    });
    const span = startRequestSpan({ method: 'GET', headers: {} }, '/rows');
    assert.ok(span);
    const scope = { ...newRequestScope({ requestId: 'r1' }), span };
    await runInRequest(scope, () => postgres.fork().execute("select 'a secret'"));
    endSpan(span);
    await stop();
    const { spanId } = receiver.spans.find(({ name }) => name === 'GET /rows') ?? {};
    const [sql] = receiver.spans.filter(({ parentSpanId }) => parentSpanId === spanId);
    assert.equal(sql?.name, 'sql select');
    assert.doesNotMatch(JSON.stringify(receiver.spans), /secret/);
    await receiver.close();
  });

  test('survives terminated backends', async () => {
    const victim = postgres.fork().execute('select pg_sleep(0.9)');
    const failed = assert.rejects(victim, (error) => {
      assert.equal(databaseFailure(error)?.extensions['code'], 'SERVICE_UNAVAILABLE');
      return true;
    });
    await postgres.fork().execute('select 1');
    await postgres.fork().execute(
      `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and application_name = 'quantumroute-kit'`,
    );
    await failed;
    await sleep(50);
    await postgres.ping();
  });

  test('loses no place in the pool to a transaction whose backend is terminated', async () => {
    for (let round = 0; round < 5; round += 1) {
      const lost = postgres.fork().transactional(async (tx) => {
        const [row]: { pid: number }[] = await tx.execute('select pg_backend_pid() as pid');
        await postgres.fork().execute('select pg_terminate_backend(?)', [row?.pid]);
        await tx.execute('select 1');
      });
      await assert.rejects(lost);
    }
    await Promise.all(
      Array.from({ length: 4 }, () => postgres.fork().execute('select pg_sleep(0.05)')),
    );
  });

  test('gives a slow statement up', async () => {
    const startedAt = Date.now();
    await assert.rejects(postgres.fork().execute('select pg_sleep(10)'), (error) => {
      assert.equal(databaseFailure(error)?.extensions['code'], 'DEADLINE_EXCEEDED');
      return true;
    });
    assert.ok(Date.now() - startedAt < 2_000);
  });

  test('cancels the statement in the server when the request is aborted', async () => {
    const leaving = new AbortController();
    const scope = newRequestScope({ requestId: 'r2', signal: leaving.signal });
    const running = runInRequest(scope, () =>
      postgres.fork().execute('select pg_sleep(0.95), 4242'),
    );
    setTimeout(() => leaving.abort(), 100);
    const startedAt = Date.now();
    await assert.rejects(running);
    assert.ok(Date.now() - startedAt < 600);
    const [row] = await postgres.fork().execute(
      `select count(*)::int as running from pg_stat_activity
       where query like '%4242' and state = 'active' and pid <> pg_backend_pid()`,
    );
    assert.equal(row?.running, 0);
  });

  test('rolls back what an aborted request has written', async () => {
    const leaving = new AbortController();
    const scope = newRequestScope({ requestId: 'r3', signal: leaving.signal });
    const running = runInRequest(scope, () =>
      postgres.fork().transactional(async (em) => {
        await em.execute(`insert into kit.things (id, name) values (gen_random_uuid(), 'ghost')`);
        leaving.abort();
        await em.execute('select 1');
      }),
    );
    await assert.rejects(running);
    const rows = await postgres.fork().execute(`select * from kit.things where name = 'ghost'`);
    assert.deepEqual(rows, []);
  });

  test('answers with an error within 2 s while the server is paused, and recovers', async () => {
    await Promise.all([postgres.ping(), postgres.ping()]);
    proxy.pause();
    const startedAt = Date.now();
    const results = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(() => postgres.ping()));
    assert.ok(Date.now() - startedAt < 2_000, `took ${Date.now() - startedAt} ms`);
    for (const result of results) {
      assert.equal(result.status, 'rejected');
      assert.ok(databaseFailure(result.reason), String(result.reason));
    }
    proxy.resume();
    await postgres.ping();
  });

  test('answers with an error at once while the server is gone, and recovers', async () => {
    proxy.cut();
    await postgres.ping().catch(() => undefined);
    await postgres.ping();
    await assert.rejects(
      openPostgres({
        url: 'postgres://nobody@127.0.0.1:1/none',
        schema: 'kit',
        entities: [],
        poolSize: 1,
        statementTimeoutMs: 1_000,
        log,
        metrics,
      }),
      (error) => databaseFailure(error)?.extensions['code'] === 'SERVICE_UNAVAILABLE',
    );
  });
});
