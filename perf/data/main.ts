// npm run data -- --demo [--small] | --stops N   [--database URL]
import { parseArgs } from 'node:util';
import { runningDatabaseUrl } from '@quantumroute/ops/local/instance';
import { readConfig } from '@quantumroute/ops/local/local-settings';
import pg from 'pg';
import { loadDemo } from './demo/load-demo.ts';
import { FULL, SMALL } from './demo/parts.ts';
import { loadLarge } from './large/load-large.ts';
import { printedProgress } from './load/progress.ts';

const USAGE = `Usage: npm run data -- --demo [--small] [--database URL]
       npm run data -- --stops N [--database URL]
Without --database it is DATABASE_URL, or that of a running npm start; its migrations must have run.`;

type Options = { database: string; stops: number | null; small: boolean };

async function main(options: Options): Promise<void> {
  const client = new pg.Client({ connectionString: options.database });
  await client.connect();
  const startedAt = performance.now();
  const progress = printedProgress(console.log);
  try {
    const done =
      options.stops === null
        ? `${await loadDemo(client, { size: options.small ? SMALL : FULL, progress })} rows`
        : `${await loadLarge(client, { stops: options.stops, progress })} stops`;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(done === '0 rows' ? 'Demo data is there.' : `Loaded ${done} in ${seconds} s.`);
  } finally {
    await client.end();
  }
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      small: { type: 'boolean', default: false },
      stops: { type: 'string' },
      database: { type: 'string' },
    },
  });
  const database = values.database ?? process.env['DATABASE_URL'] ?? localDatabase();
  const stops = values.stops === undefined ? null : Number(values.stops);
  const isCount = stops === null ? values.demo : Number.isSafeInteger(stops) && stops > 0;
  if (database === null || !isCount || (stops !== null && values.demo)) return null;
  return { database, stops, small: values.small };
}

function localDatabase(): string | null {
  return runningDatabaseUrl(readConfig(process.env).directory);
}

const options = readOptions();
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await main(options);
}
