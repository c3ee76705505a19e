import { fileURLToPath } from 'node:url';

import { createLogger } from '@quantumroute/ops/log';
import { migratePostgres } from '@quantumroute/ops/postgres';

import { readConfig } from './config.ts';

const command = process.argv[2] ?? 'serve';
const config = readConfig(process.env);
const log = createLogger({ service: 'route', level: config.LOG_LEVEL });

if (command === 'migrate') {
  await migratePostgres({
    url: config.DATABASE_URL,
    schema: 'route',
    migrationsPath: fileURLToPath(new URL('storage/migrations', import.meta.url)),
    log,
  });
}
