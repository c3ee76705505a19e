/**
 * The query that does the work of one frame of a subscription: the same selection, of the same
 * objects. Frames carry no `Server-Timing`, and the counters of a whole process also count what it
 * does in between, so that a frame itself cannot be measured.
 */
export function asQuery(subscription: string): string {
  if (subscription.includes('boardUpdated(')) return changesAsQuery(subscription);
  if (subscription.includes('vehicleAlerts(')) return alertAsQuery(subscription);
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

/** One change of each kind that can be asked for by its id. */
function changesAsQuery(subscription: string): string {
  const [, name] = /subscription (\w+)/.exec(subscription) ?? [];
  return `query ${name}($route: ID!, $order: ID!, $run: ID!) {
  route(id: $route) ${selectionOf('... on Route {', subscription)}
  order(by: { id: $order }) ${selectionOf('... on Order {', subscription)}
  optimizationRun(id: $run) ${selectionOf('... on OptimizationRun {', subscription)}
}`;
}

/** An alert is a row of its own; what it leads to can be asked for. */
function alertAsQuery(subscription: string): string {
  const [, name] = /subscription (\w+)/.exec(subscription) ?? [];
  return `query ${name}($vehicle: ID!, $depot: ID!) {
  vehicle(id: $vehicle) ${selectionOf('vehicle {', subscription)}
  depot(id: $depot) ${selectionOf('depot {', subscription)}
}`;
}

function selectionOf(field: string, text: string): string {
  const start = text.indexOf(field) + field.length - 1;
  let depth = 0;
  for (let end = start; end < text.length; end += 1) {
    if (text[end] === '{') depth += 1;
    if (text[end] === '}') depth -= 1;
    if (depth === 0) return text.slice(start, end + 1);
  }
  throw new Error(`Nothing is selected of ${field}`);
}
