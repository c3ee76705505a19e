import { Migration } from '@mikro-orm/migrations';

/** Measures that more figures are made of; every day that was summed without them is summed again. */
export class Migration202611230007_figures extends Migration {
  override up(): void {
    for (const table of ['driver_days', 'depot_days']) {
      this.addSql(added(table, [...stopSums, ...routeSums]));
    }
    this.addSql(added('partner_days', stopSums));
    this.addSql(`insert into report.dirty_days (organization_id, service_date, since)
      select organization_id, service_date, computed_at from report.day_states
      on conflict do nothing`);
  }
}

const stopSums = [
  'late_stops integer',
  'timed_service_seconds bigint',
  'eta_bias_seconds bigint',
  'eta_within_stops integer',
  'costed_stops integer',
  'costed_orders integer',
  'emitting_load_weight_meters double precision',
];

const routeSums = ['planned_service_seconds bigint', 'modeled_co2e_grams double precision'];

function added(table: string, sums: readonly string[]): string {
  const columns = sums.map((column) => `add column ${column} not null default 0`);
  return `alter table report.${table} ${columns.join(', ')}`;
}
