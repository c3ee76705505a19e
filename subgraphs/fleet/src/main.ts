import { createLogger } from '@quantumroute/ops/log';
import { readConfig } from './config.ts';
import { migrateStorage } from './storage/open-storage.ts';

const command = process.argv[2] ?? 'serve';
const config = readConfig(process.env);
const log = createLogger({ service: 'fleet', level: config.LOG_LEVEL });

if (command === 'migrate') await migrateStorage({ config, log });
