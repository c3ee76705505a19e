/**
 * The query that does the work of one frame of a subscription: the same selection, of the same
 * objects. Frames carry no `Server-Timing`, and the counters of a whole process also count what it
 * does in between, so that a frame itself cannot be measured.
 */
export function asQuery(subscription: string): string {
  return subscription
    .replace(/subscription (?<name>\w+) \{/, 'query $<name>($id: ID!) {')
    .replace('subscription ', 'query ')
    .replace('myRouteUpdated {', 'route(id: $id) {')
    .replace(
      /orderTracking\(token: \$token\) (?<selection>\{[^]*\})(?<end>\s*\})\s*$/,
      'track(token: $token) { ... on TrackedDelivery $<selection> }$<end>',
    )
    .replace('reportUpdated(', 'report(')
    .replace('optimizationRunUpdated(', 'optimizationRun(')
    .replace(/\(\$filter: ReportFilter\)/, '($first: Int!, $filter: ReportFilter)')
    .replace(
      /reportsUpdated\(filter: \$filter\) (?<selection>\{[^]*\})(?<end>\s*\})\s*$/,
      'reports(first: $first, filter: $filter) { nodes $<selection> }$<end>',
    )
    .replace('$intervalSeconds: Int! = 2', '$first: Int!')
    .replace(
      /vehiclePositions\(filter: (?<filter>\{[^}]*\}), [^)]*\) \{\s*at\s+vehicles (?<selection>\{[^]*\})\s*\}(?<end>\s*\})\s*$/,
      'vehicles(first: $first, filter: $<filter>) { nodes $<selection> }$<end>',
    );
}
