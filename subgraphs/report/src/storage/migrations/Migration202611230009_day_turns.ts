import { Migration } from '@mikro-orm/migrations';

/**
 * A day whose sums failed waits until `retry_at`, so that it keeps no other day back. `fact_versions`
 * counts events, by which a day that is summed again without a change is told from one that changed.
 */
export class Migration202611230009_day_turns extends Migration {
  override up(): void {
    this.addSql(`alter table report.dirty_days
      add column attempts integer not null default 0,
      add column retry_at timestamptz(3)`);
    this.addSql('alter table report.day_states add column fact_versions bigint');
  }
}
