import type { FileSettings } from '../artifacts/file-settings.ts';
import type { Query } from '../figures/measure.ts';
import type { Report } from '../storage/report-entity.ts';
import { sql } from '../storage/sql.ts';

/** Whose report it is by name, and how its files are written. */
export async function describeSubject(
  query: Query,
  report: Report,
): Promise<FileSettings & { name: string }> {
  const { organizationId, subjectType, subjectId, locale, timeZone, unitSystem } = report;
  const [row] = await query(sql`select organization.currency, organization.time_zone,
      coalesce(partner.name, depot.name, organization.name) as name
    from fleet_published.organizations organization
    left join fleet_published.partners partner on ${subjectType} = 'partner'
      and partner.organization_id = organization.id and partner.id = ${subjectId}
    left join fleet_published.depots depot on ${subjectType} = 'depot'
      and depot.organization_id = organization.id and depot.id = ${subjectId}
    where organization.id = ${organizationId}`);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    name: text(row?.['name']),
    currency: text(row?.['currency']),
    timeZone: timeZone ?? (text(row?.['time_zone']) || 'UTC'),
    locale,
    unitSystem,
  };
}
