import { Migration } from '@mikro-orm/migrations';

import { histogramFunctions } from './histogram-functions.ts';

/**
 * Histograms that cost a tenth: PostgreSQL computes the buckets by itself, and they are counted by one
 * call for each group instead of one for each stop. The numbers are the same.
 */
export class Migration202611230008_histograms extends Migration {
  override up(): void {
    this.addSql('drop aggregate if exists report.histogram(integer)');
    this.addSql('drop function if exists report.histogram_add(integer[], integer)');
    for (const statement of histogramFunctions) this.addSql(statement);
  }
}
