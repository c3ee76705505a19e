/** How events of one type become rows of one table of facts. */
export type FactMapping = {
  readonly table: 'stop_facts' | 'route_facts';
  /** Column of the event's subject. */
  readonly subject: string;
  /** Type of each column that the body gives; a value that is missing is null. */
  readonly body: Readonly<Record<string, string>>;
  /** A relation with the columns of route_published.events and `versions`. */
  readonly events: string;
  readonly joins?: string;
  /** Columns that come from elsewhere; `event` and `body` can be named, and what `joins` brings. */
  readonly computed?: Readonly<Record<string, string>>;
};

/** The upsert. An event that is older than what the row was made of changes nothing. */
export function projectionStatement(mapping: FactMapping): string {
  const { table, subject, body, events, joins = '', computed = {} } = mapping;
  const values: Record<string, string> = {
    [subject]: 'event.subject_id',
    organization_id: 'event.organization_id',
    ...Object.fromEntries(Object.keys(body).map((column) => [column, `body.${column}`])),
    ...computed,
    recorded_at: 'event.recorded_at',
    event_position: 'event.position',
    revision: 'event.versions',
  };
  const columns = Object.keys(values);
  const kept = new Set([subject, 'service_date', 'revision']);
  const replaced = columns.filter((column) => !kept.has(column));
  return `
    insert into report.${table} as fact (${columns.join(', ')})
    select ${Object.values(values).join(', ')}
    from ${events} event
    cross join lateral (select ${bodyColumns(body)}) body ${joins}
    on conflict (service_date, ${subject}) do update set
      ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')},
      revision = fact.revision + excluded.revision
    where fact.event_position < excluded.event_position`;
}

function bodyColumns(body: Readonly<Record<string, string>>): string {
  return Object.entries(body)
    .map(([column, type]) => `(event.body ->> '${camelCase(column)}')::${type} as ${column}`)
    .join(', ');
}

function camelCase(column: string): string {
  return column.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
