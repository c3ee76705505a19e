import {
  ConfigError,
  commonSettings,
  databaseSettings,
  identitySettings,
  readSettings,
  redisSettings,
  setting,
} from '@quantumroute/ops/config';
import { kafkaSettings } from '@quantumroute/ops/kafka-settings';

/** Every setting of the report service and its worker, keyed by environment variable. */
export const settings = {
  ...commonSettings,
  ...databaseSettings,
  ...redisSettings,
  ...identitySettings,
  ...kafkaSettings,
  REPORT_PORT: setting.port(4003).describe('Port of the report service'),
  REPORT_WORKER_PORT: setting.port(4004).describe("Port of the worker's health and metrics"),
  REPORT_QUEUE: setting
    .oneOf(['bullmq', 'kafka'], 'bullmq')
    .describe('What wakes the workers: BullMQ on Redis, or Kafka'),
  REPORT_WORKER_CONCURRENCY: setting
    .count(2, { min: 1, max: 64 })
    .describe('Reports that one worker process runs at the same time'),
  // A service that takes more than 15 s to stop is not waited for any longer.
  REPORT_WORKER_DRAIN_MS: setting
    .count(8_000, { max: 12_000 })
    .describe('Time that running reports get to finish when the worker stops'),
  REPORT_MAX_ROWS: setting
    .count(200_000, { min: 1, max: 10_000_000 })
    .describe('Groups that a report shows at most; more end it as TOO_LARGE'),
  REPORT_MAX_EXPORT_ROWS: setting
    .count(5_000_000, { min: 1, max: 100_000_000 })
    .describe('Stops or orders that a report lists at most; more end it as TOO_LARGE'),
  REPORT_STORED_ROWS: setting
    .count(50_000, { min: 1, max: 10_000_000 })
    .describe('Rows of a report that are kept for reading page by page; files have them all'),
  REPORT_RUN_TIMEOUT_MS: setting
    .milliseconds(900_000)
    .describe('Time of one attempt at a report; more ends it as TIMED_OUT'),
  REPORT_QUOTA: setting
    .count(20, { min: 1 })
    .describe('Unfinished reports that one organization may have'),
  REPORT_RETENTION_DAYS: setting
    .decimal(30, { min: 0, max: 36_500 })
    .describe('Days after which the files of a report are deleted'),
  REPORT_FACT_MONTHS: setting
    .count(25, { min: 1, max: 1_200 })
    .describe('Months of facts in the database beside the present one; older go into the archive'),
  REPORT_STORE_DIR: setting
    .text('')
    .describe('Folder of the report files, shared by workers and service; unused with a bucket'),
  REPORT_STORE_S3_BUCKET: setting
    .text('')
    .describe('Bucket of the report files, instead of a folder'),
  REPORT_STORE_S3_ENDPOINT: setting
    .text('')
    .describe('URL of a store that speaks S3, such as https://objects.example; AWS when empty'),
  REPORT_STORE_S3_REGION: setting.text('us-east-1').describe('Region of the bucket'),
  REPORT_STORE_S3_ACCESS_KEY_ID: setting
    .text('')
    .describe("Key to the bucket; when empty, AWS's own places are searched for one"),
  REPORT_STORE_S3_SECRET_ACCESS_KEY: setting.text('').describe('Secret of that key'),
  PUBLIC_URL: setting
    .url('http://127.0.0.1:4000')
    .describe('Origin that clients reach the gateway by; download links begin with it'),
  DOWNLOAD_SECRET: setting.secret(32).describe('Signs the links to report files'),
};

export type ReportConfig = ReturnType<typeof readConfig>;

/** Reads the settings; throws a ConfigError that lists everything that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const config = readSettings(settings, env);
  if (config.REPORT_STORE_DIR === '' && config.REPORT_STORE_S3_BUCKET === '') {
    throw new ConfigError(['REPORT_STORE_DIR is missing, and so is REPORT_STORE_S3_BUCKET']);
  }
  if (config.REPORT_QUEUE === 'kafka' && config.KAFKA_BROKERS === '') {
    throw new ConfigError(['KAFKA_BROKERS is missing, and REPORT_QUEUE is kafka']);
  }
  return config;
}
