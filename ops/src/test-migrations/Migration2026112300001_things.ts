import { Migration } from '@mikro-orm/migrations';
import { idempotencyTableSql } from '../idempotency.ts';

export class Migration2026112300001_things extends Migration {
  override up(): void {
    this.addSql(idempotencyTableSql('kit'));
    this.addSql('create table kit.things (id uuid primary key, name text not null)');
  }
}
