import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, endProcess, isAlive } from './orphan.ts';
import { startPostgres } from './postgres.ts';
import { withClient } from './with-client.ts';

describe('the PostgreSQL of the local stack', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'quantumroute-postgres-'));
    chmodSync(directory, 0o755);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
  const start = () =>
    startPostgres({ directory: join(directory, 'data'), password: "pass'word/1" });

  test('keeps what was written over a stop and a start', async () => {
    const first = await start();
    const url = await first.database('kept');
    await withClient(url, (client) => client.query('CREATE TABLE kept AS SELECT 7 AS seven'));
    await first.stop();
    assert.equal(isAlive(first.pid), false);
    const second = await start();
    const rows = await withClient(await second.database('kept'), (client) =>
      client.query('SELECT seven FROM kept'),
    );
    assert.deepEqual(rows.rows, [{ seven: 7 }]);
    await second.stop();
  });

  test('is tuned, counts statements, and writes durably', async () => {
    const postgres = await start();
    const url = await postgres.database('tuned');
    await withClient(url, async (client) => {
      const setting = async (name: string) => {
        const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) value', [
          name,
        ]);
        return rows[0]?.value;
      };
      assert.equal(await setting('jit'), 'off');
      assert.equal(await setting('random_page_cost'), '1.1');
      assert.equal(await setting('track_io_timing'), 'on');
      assert.equal(await setting('fsync'), 'on');
      assert.equal(await setting('server_encoding'), 'UTF8');
      await client.query('SELECT count(*) FROM pg_stat_statements');
    });
    await postgres.stop();
  });

  test('is ended by the guard when its owner is killed, and starts again', async () => {
    const owner = spawn(process.execPath, ['--input-type=module', '-e', OWNER, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    assert.equal(isAlive(pid), true);
    owner.kill('SIGKILL');
    const postgres = await start();
    assert.equal(isAlive(pid), false);
    await postgres.stop();
  });

  test('is set up anew when its first set-up was killed in the middle', async () => {
    const data = join(directory, 'cut');
    const owner = spawn(process.execPath, ['--input-type=module', '-e', CUT_OWNER, data]);
    while (!existsSync(join(data, 'PG_VERSION'))) await sleep(2);
    owner.kill('SIGKILL');
    for (const pid of processesOn(data)) await endProcess(pid, 'SIGKILL', 1_000);
    const postgres = await startPostgres({ directory: data, password: 'x' });
    await withClient(postgres.urlOf(), (client) => client.query('SELECT 1'));
    await postgres.stop();
  });

  test('leaves a folder alone that holds something else', async () => {
    const data = join(directory, 'taken');
    mkdirSync(data);
    writeFileSync(join(data, 'diary.txt'), 'dear diary');
    await assert.rejects(startPostgres({ directory: data, password: 'x' }), /holds other files/);
    assert.equal(existsSync(join(data, 'diary.txt')), true);
  });

  test('of tests leaves nothing behind', async () => {
    const data = join(directory, 'throwaway');
    const postgres = await startPostgres({ directory: data, password: 'x', durable: false });
    await postgres.stop();
    await sleep(10);
    assert.equal(existsSync(data), false);
  });
});

const OWNER = `
  import { startPostgres } from '${import.meta.resolve('./postgres.ts')}';
  const directory = process.argv[1] + '/data';
  const { pid } = await startPostgres({ directory, password: "pass'word/1" });
  console.log(pid);
  setInterval(() => {}, 1000);
`;

const CUT_OWNER = `
  import { startPostgres } from '${import.meta.resolve('./postgres.ts')}';
  await startPostgres({ directory: process.argv[1], password: 'x' });
`;

/** initdb and its helpers outlive a parent that is killed. */
function processesOn(data: string): number[] {
  const pids = execFileSync('ps', ['-eo', 'pid='], { encoding: 'utf8' }).split('\n').map(Number);
  return pids
    .filter((pid) => pid > 0 && pid !== process.pid && /initdb|postgres/.test(commandOf(pid)))
    .filter((pid) => commandOf(pid).includes(data));
}
