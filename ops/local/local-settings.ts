import { resolve } from 'node:path';
import { readSettings, setting } from '../src/config.ts';
import { PROJECT_ROOT } from './project.ts';

/** Settings of the local stack itself, beside those of the services. */
export const settings = {
  LOCAL_DIR: setting
    .text('.quantumroute')
    .describe('Folder of what `npm start` keeps: databases, logs, secrets, report files'),
  LOCAL_DEMO_DATA: setting
    .oneOf(['full', 'small', 'none'], 'full')
    .describe('How much demo data `npm start` loads; none ever with NODE_ENV=production'),
};

/** What `npm start` reads for itself. Throws a ConfigError that lists everything that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const read = readSettings(settings, env);
  const isProduction = env['NODE_ENV'] === 'production';
  return {
    directory: resolve(PROJECT_ROOT, read.LOCAL_DIR),
    demoData: isProduction ? ('none' as const) : read.LOCAL_DEMO_DATA,
  };
}
