import { Migration } from '@mikro-orm/migrations';

/** Which experiments there are, for those who compare what came of them. */
export class Migration202611230009_published_experiments extends Migration {
  override up(): void {
    this.addSql(`create view route_published.experiments as
      select id, organization_id, key, variants from route.experiments`);
  }
}
