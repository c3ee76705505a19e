import { Migration } from '@mikro-orm/migrations';

/**
 * Which transaction a vehicle moved in, so that whoever follows a map is told what he has not seen,
 * and nothing else: see decision 29. A trigger notes it, so that no writer can forget to.
 */
export class Migration202611300005_moves extends Migration {
  override up(): void {
    this.addSql(`
      alter table fleet.latest_positions
      add column transaction_id xid8 not null default pg_current_xact_id()`);
    this.addSql(`
      create function fleet.note_move() returns trigger language plpgsql as $$
      begin
        new.transaction_id := pg_current_xact_id();
        return new;
      end $$`);
    this.addSql(`
      create trigger note_move before insert or update on fleet.latest_positions
      for each row execute function fleet.note_move()`);
  }
}
