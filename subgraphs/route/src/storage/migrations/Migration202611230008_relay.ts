import { Migration } from '@mikro-orm/migrations';

/** How far events have been relayed to another system. A row that is missing: not at all. */
export class Migration202611230008_relay extends Migration {
  override up(): void {
    this.addSql(`
      create table route.relay_positions (
        target text primary key,
        transaction_id xid8 not null,
        position bigint not null,
        relayed_at timestamptz(3) not null default now()
      )`);
  }
}
