import type { Organization } from './fleet-stand-in.ts';
import type { Answer, RouteWorld } from './route-world.ts';

/** What the outbox tells of an organization, oldest first, also before every consumer could see it. */
export async function eventsOf(
  { sql }: Pick<RouteWorld, 'sql'>,
  { organizationId }: Pick<Organization, 'organizationId'>,
): Promise<{ type: string; subjectId: string; body: Answer }[]> {
  const rows = await sql(
    `select type, subject_id, body from route.outbox where organization_id = $1
     order by transaction_id, position`,
    [organizationId],
  );
  return rows.map((row) => ({
    type: String(row['type']),
    subjectId: String(row['subject_id']),
    body: row['body'] as Answer,
  }));
}
