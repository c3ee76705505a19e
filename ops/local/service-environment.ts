import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LocalSecrets } from './local-secrets.ts';
import { byName, portsOf, SERVICES, urlsOf } from './services.ts';

/**
 * The environment that every service gets: the caller's own settings, and where they are silent
 * those of the local stack. All services get the same, each reads its own part of it.
 */
export function serviceEnvironment({
  env,
  directory,
  secrets,
  databaseUrl,
  redisUrl,
}: {
  env: NodeJS.ProcessEnv;
  /** Where the local stack keeps its files. */
  directory: string;
  secrets: LocalSecrets;
  databaseUrl: string;
  redisUrl: string;
}): NodeJS.ProcessEnv {
  const ports = portsOf(env);
  const urls = urlsOf(env);
  const portSettings = SERVICES.map(({ name, portSetting }) => [portSetting, String(ports[name])]);
  const graphql = byName(({ name }) => `${urls[name]}/graphql`);
  const defaults = {
    ...(Object.fromEntries(portSettings) as Record<string, string>),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    FLEET_URL: graphql.fleet,
    ROUTE_URL: graphql.route,
    REPORT_URL: graphql.report,
    PUBLIC_URL: urls.gateway,
    SERVICE_IDENTITY_SECRET: secrets.serviceIdentitySecret,
    DOWNLOAD_SECRET: secrets.downloadSecret,
    JWKS_URL: pathToFileURL(keySetFile(directory)).href,
    DEMO_CREDENTIALS_FILE: credentialsFile(directory),
    REPORT_STORE_DIR: join(directory, 'reports'),
  };
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return { ...defaults, ...Object.fromEntries(given) };
}

/** The public keys that the demo's tokens are verified with. */
export function keySetFile(directory: string): string {
  return join(directory, 'jwks.json');
}

/** The demo's tokens and API keys. */
export function credentialsFile(directory: string): string {
  return join(directory, 'demo-credentials.json');
}
