import { Migration } from '@mikro-orm/migrations';

/** The logs of events are completed from what changed lately in all organizations together. */
export class Migration202611300001_recent_changes extends Migration {
  override up(): void {
    this.addSql('create index reports_changed_lately on report.reports (changed_at)');
  }
}
