import { Migration } from '@mikro-orm/migrations';

/** Which slot offer promised an order its window: each can be taken once. */
export class Migration202611230005_slot_offers extends Migration {
  override up(): void {
    this.addSql('alter table route.orders add column slot_offer_id uuid');
    this.addSql(
      `create unique index orders_slot_offer on route.orders (slot_offer_id)
         where slot_offer_id is not null`,
    );
  }
}
