import { Migration } from '@mikro-orm/migrations';

/**
 * What happened to stops and routes, written in the transaction in which it happened, for whoever
 * counts or relays it. `transaction_id` comes before `position` in the order, because a position is
 * drawn before its transaction commits: see decision 15.
 */
export class Migration202611230006_outbox extends Migration {
  override up(): void {
    this.addSql(outbox);
    this.addSql(publishedEvents);
  }
}

const outbox = `
create table route.outbox (
  position bigint generated always as identity,
  transaction_id xid8 not null default pg_current_xact_id(),
  organization_id uuid not null,
  type text not null check (type in ('stop.finished', 'route.finished')),
  subject_id uuid not null,
  body jsonb not null,
  recorded_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null default now() + interval '30 days',
  primary key (transaction_id, position)
)`;

/** Only what no transaction that is still open can come before: who has read a row misses none before it. */
const publishedEvents = `
create view route_published.events as
select transaction_id, position, organization_id, type, subject_id, body, recorded_at
from route.outbox
where transaction_id < pg_snapshot_xmin(pg_current_snapshot())`;
