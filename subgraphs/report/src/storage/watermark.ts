/** Connections with this name only read, so that the watermark need not wait for them. */
export const READER_APPLICATION_NAME = 'quantumroute-report-reader';

/**
 * Up to when everything recorded is visible to a snapshot that is taken afterwards: no transaction
 * that is open now can have recorded anything before the oldest of them began.
 */
export const watermarkSql = `
  select (extract(epoch from least(clock_timestamp(), min(xact_start))) * 1000)::float8 as "epochMs"
  from pg_stat_activity
  where datname = current_database() and backend_type = 'client backend'
  and pid <> pg_backend_pid() and application_name <> '${READER_APPLICATION_NAME}'`;

/** The answer to `watermarkSql`; whole milliseconds, rounded to the safe side. */
export function readWatermark(rows: readonly { epochMs: number }[]): Date {
  const [row] = rows;
  if (row === undefined) throw new Error('The database gave no watermark');
  return new Date(Math.floor(row.epochMs));
}
