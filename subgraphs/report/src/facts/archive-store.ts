import type { EntityManager } from '@mikro-orm/postgresql';
import type { Client } from 'pg';

/** A month, as its first day, in the hands of the worker with this attempt number. */
export type ClosedMonth = {
  readonly month: string;
  /** Folder of the month in the artifact store. */
  readonly archiveId: string;
  readonly attempt: number;
};

export type FactTable = 'stop_facts' | 'route_facts';

/** A file in the archive. */
export type Archived = {
  readonly facts: FactTable;
  readonly storeKey: string;
  readonly sha256: string;
  readonly byteSize: number;
  readonly rowCount: number;
};

/**
 * Closes and takes the oldest month beyond `keepMonths`, unless a day of it is still to be summed.
 * Done in the turn of the projector, so that nothing is written to the month from here on.
 */
export function closeMonth(
  em: EntityManager,
  { keepMonths, leaseMs }: { keepMonths: number; leaseMs: number },
): Promise<ClosedMonth | null> {
  return em.transactional(async (tx) => {
    await tx.execute(`set local lock_timeout = '5s'`);
    await tx.execute(`select pg_advisory_xact_lock(hashtext('report.projection'))`);
    const [month]: ClosedMonth[] = await tx.execute(
      `update report.fact_months set closed_at = coalesce(closed_at, now()), attempt = attempt + 1,
         lease_until = now() + ? * interval '1 millisecond'
       where month = (
         select month from report.fact_months due
         where archived_at is null and coalesce(lease_until, 'epoch') < now()
           and month < date_trunc('month', current_date) - ? * interval '1 month'
           and not exists (
             select from report.dirty_days where service_date >= due.month
               and service_date < due.month + interval '1 month')
         order by month limit 1 for update skip locked)
       returning month::text as month, archive_id as "archiveId", attempt`,
      [leaseMs, keepMonths],
    );
    return month ?? null;
  });
}

/** What of the month is in the archive already. */
export function archivedOf(em: EntityManager, { month }: ClosedMonth): Promise<Archived[]> {
  return em.execute(
    `select facts, store_key as "storeKey", sha256, byte_size::float8 as "byteSize",
       row_count::float8 as "rowCount"
     from report.fact_archives where month = ?`,
    [month],
  );
}

/** Enters a file and drops the partition that is in it. Throws when the month is in other hands. */
export function replacePartition(
  em: EntityManager,
  closed: ClosedMonth,
  { facts, storeKey, sha256, byteSize, rowCount }: Archived,
): Promise<void> {
  return em.transactional(async (tx) => {
    await tx.execute(`set local lock_timeout = '5s'`);
    await takeFence(tx, closed);
    await tx.execute(
      `insert into report.fact_archives (month, facts, store_key, sha256, byte_size, row_count)
       values (?, ?, ?, ?, ?, ?)`,
      [closed.month, facts, storeKey, sha256, byteSize, rowCount],
    );
    await tx.execute(`drop table ${partitionOf(facts, closed)}`);
  });
}

/** The month is done with. */
export async function finishMonth(em: EntityManager, { month, attempt }: ClosedMonth) {
  await em.execute(
    `update report.fact_months set archived_at = now(), lease_until = null
     where month = ? and attempt = ?`,
    [month, attempt],
  );
}

/** Lets another attempt follow at once. */
export async function releaseMonth(em: EntityManager, { month, attempt }: ClosedMonth) {
  await em.execute(
    `update report.fact_months set lease_until = null where month = ? and attempt = ?`,
    [month, attempt],
  );
}

/**
 * Takes the partition out of its table. Readers and writers of other months go on meanwhile; an
 * earlier attempt may have got half of the way.
 */
export async function detachPartition(client: Client, facts: FactTable, closed: ClosedMonth) {
  const partition = partitionOf(facts, closed);
  const { rows } = await client.query<{ pending: boolean }>(
    'select inhdetachpending as pending from pg_inherits where inhrelid = $1::regclass',
    [partition],
  );
  const [attached] = rows;
  if (attached === undefined) return;
  const how = attached.pending ? 'finalize' : 'concurrently';
  await client.query(`alter table report.${facts} detach partition ${partition} ${how}`);
}

export function partitionOf(facts: FactTable, { month }: ClosedMonth): string {
  return `report.${facts}_${month.slice(0, 7).replace('-', '_')}`;
}

async function takeFence(tx: EntityManager, { month, attempt }: ClosedMonth): Promise<void> {
  const rows: unknown[] = await tx.execute(
    'select from report.fact_months where month = ? and attempt = ? for update',
    [month, attempt],
  );
  if (rows.length === 0) throw new Error(`Month ${month} is archived by somebody else`);
}
