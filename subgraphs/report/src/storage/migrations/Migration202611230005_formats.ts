import { Migration } from '@mikro-orm/migrations';

/**
 * Five formats, how their files are written, and how many rows are kept for paging: reports from
 * before kept all of them. Without `time_zone` it is the organization's.
 */
export class Migration202611230005_formats extends Migration {
  override up(): void {
    this.addSql(`
      alter table report.report_artifacts
        drop constraint report_artifacts_format_check,
        add constraint report_artifacts_format_check
          check (format in ('CSV', 'JSONL', 'XLSX', 'HTML', 'PDF'))`);
    this.addSql(`
      alter table report.reports
        add column locale text not null default 'en',
        add column time_zone text,
        add column unit_system text not null default 'METRIC'
          check (unit_system in ('METRIC', 'IMPERIAL')),
        add column stored_rows integer not null default 0`);
    this.addSql(`update report.reports set stored_rows = rows_read where status = 'SUCCEEDED'`);
  }
}
