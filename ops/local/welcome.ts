import { join, relative } from 'node:path';
import { styleText } from 'node:util';
import type { DemoCredential, DemoCredentials } from './demo-credentials.ts';
import { PROJECT_ROOT } from './project.ts';
import { credentialsFile } from './service-environment.ts';
import type { ServiceName } from './services.ts';

/** Prints where everything is, who one may be, and a query to paste. */
export function printWelcome({
  urls,
  databaseUrl,
  redisUrl,
  credentials,
  directory,
  seconds,
}: {
  urls: Readonly<Record<ServiceName, string>>;
  databaseUrl: string;
  redisUrl: string;
  credentials: DemoCredentials;
  directory: string;
  seconds: string;
}): void {
  const local = (path: string) => relative(PROJECT_ROOT, path);
  const { gateway, fleet, route, report, worker } = urls;
  console.log(`
${styleText('bold', `quantumroute runs (ready after ${seconds} s). Ctrl-C stops it.`)}

  Explorer      ${gateway}/
  GraphQL       ${gateway}/graphql   (HTTP, SSE, and graphql-ws on the same path)
  Subgraphs     fleet ${fleet}   route ${route}   report ${report}   worker ${worker}
  Each has      /health/live  /health/ready  /metrics
  PostgreSQL    ${databaseUrl}
  Redis         ${redisUrl}
  Logs          ${local(join(directory, 'logs'))}/
  Credentials   ${local(credentialsFile(directory))}   (tokens valid until ${credentials.expiresAt.slice(0, 10)})

${credentials.credentials.map(credentialLine).join('\n')}

${styleText('bold', 'A query to paste')}

${curl(gateway, credentials)}
`);
}

function credentialLine({ id, label, header }: DemoCredential): string {
  const shown = header.value.length > 60 ? `${header.value.slice(0, 24)}…` : header.value;
  return `  ${id.padEnd(16)} ${label}\n  ${''.padEnd(16)} ${styleText('dim', `${header.name}: ${shown}`)}`;
}

/** The token comes from the file, which keeps the line short and working after a restart. */
function curl(gateway: string, { credentials }: DemoCredentials): string {
  const dispatcher = credentials[0];
  const header = dispatcher ? `${dispatcher.header.name}: ${dispatcher.header.value}` : '';
  const query = '{ depots(first: 3) { nodes { id name timeZone } } }';
  return `curl -s ${gateway}/graphql -H 'content-type: application/json' -H '${header}' -d '${JSON.stringify({ query })}'`;
}
