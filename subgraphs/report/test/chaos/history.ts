import { Client } from 'pg';

/** A step in the life of a report, as the database saw it. */
export type Step = {
  reportId: string;
  status: string;
  attempt: number;
  /** Of the process that had it then; null while nobody had. */
  workerPid: number | null;
  atMs: number;
};

/** Has the database itself note every change of status, attempt and worker, whoever makes it. */
export async function recordHistory(databaseUrl: string): Promise<void> {
  await withDatabase(databaseUrl, async (sql) => {
    await sql.query(`
      create table public.history (
        step bigint generated always as identity primary key,
        report_id uuid, status text, attempt int, worker_id text,
        at timestamptz default clock_timestamp());
      create function public.note() returns trigger language plpgsql as $$
      begin
        if old is null or (old.status, old.attempt, old.worker_id)
          is distinct from (new.status, new.attempt, new.worker_id) then
          insert into public.history (report_id, status, attempt, worker_id)
          values (new.id, new.status, new.attempt, new.worker_id);
        end if;
        return null;
      end $$;
      create trigger note after insert or update on report.reports for each row
        execute function public.note()`);
  });
}

/** In the order in which they happened to each report. */
export async function readHistory(databaseUrl: string): Promise<Map<string, Step[]>> {
  const rows = await withDatabase(databaseUrl, async (sql) => {
    const found = await sql.query<Omit<Step, 'workerPid'> & { workerId: string | null }>(
      `select report_id as "reportId", status, attempt, worker_id as "workerId",
         (extract(epoch from at) * 1000)::float8 as "atMs"
       from public.history order by step`,
    );
    return found.rows;
  });
  const steps = new Map<string, Step[]>();
  for (const { workerId, ...row } of rows) {
    const workerPid = workerId === null ? null : Number(workerId.split(':').at(-1));
    const own = steps.get(row.reportId) ?? [];
    steps.set(row.reportId, [...own, { ...row, workerPid }]);
  }
  return steps;
}

/** A connection that need not outlive a crash of the server. */
export async function withDatabase<T>(
  databaseUrl: string,
  work: (sql: Client) => Promise<T>,
): Promise<T> {
  const sql = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 60_000 });
  sql.on('error', () => undefined);
  await sql.connect();
  try {
    return await work(sql);
  } finally {
    await sql.end().catch(() => undefined);
  }
}
