/** Connections with this name only read, so that the watermark need not wait for them. */
export const READER_APPLICATION_NAME = 'quantumroute-report-reader';

/**
 * Up to when everything recorded is visible to a snapshot that is taken afterwards: no transaction
 * that is open now can have recorded anything before the oldest of them began.
 */
export const watermarkSql = `
  select least(clock_timestamp(), min(xact_start)) as "dataAsOf" from pg_stat_activity
  where datname = current_database() and backend_type = 'client backend'
  and pid <> pg_backend_pid() and application_name <> '${READER_APPLICATION_NAME}'`;
