import { Migration } from '@mikro-orm/migrations';

import { factIndexes, factMonths, factTables } from './fact-tables.ts';
import { histogramFunctions } from './histogram-functions.ts';
import { projectionTables } from './projection-tables.ts';
import { rollUpTables } from './roll-up-tables.ts';

/** The facts that reports read, in monthly partitions, and their sums per day. */
export class Migration202611230003_facts extends Migration {
  override up(): void {
    for (const statement of [
      ...histogramFunctions,
      ...factTables,
      ...factIndexes,
      ...factMonths,
      ...rollUpTables,
      ...projectionTables,
    ]) {
      this.addSql(statement);
    }
  }
}
