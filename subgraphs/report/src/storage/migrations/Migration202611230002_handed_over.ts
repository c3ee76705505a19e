import { Migration } from '@mikro-orm/migrations';

/** Attempts that ended because their worker had to stop: they count as none at all. */
export class Migration202611230002_handed_over extends Migration {
  override up(): void {
    this.addSql('alter table report.reports add column handed_over integer not null default 0');
  }
}
