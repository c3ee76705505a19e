import { Migration } from '@mikro-orm/migrations';

export class Migration2026112300002_more_things extends Migration {
  override up(): void {
    this.addSql('alter table kit.things add column size integer');
  }
}
