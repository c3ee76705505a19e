/** The processes of quantumroute, by name. */
export type ServiceName = 'fleet' | 'route' | 'report' | 'worker' | 'gateway';

/** How one of them is run. Rooms are programs here: named by path, never imported. */
export type Service = {
  name: ServiceName;
  /** The room's program, from the project's root. */
  main: string;
  command: 'serve' | 'worker';
  /** The setting that holds its port, and that port's default. */
  portSetting: string;
  defaultPort: number;
};

/** In the order in which they may be stopped: whoever calls others comes before them. */
export const SERVICES: readonly Service[] = [
  {
    name: 'gateway',
    main: 'gateway/src/main.ts',
    command: 'serve',
    portSetting: 'GATEWAY_PORT',
    defaultPort: 4000,
  },
  {
    name: 'worker',
    main: 'subgraphs/report/src/main.ts',
    command: 'worker',
    portSetting: 'REPORT_WORKER_PORT',
    defaultPort: 4004,
  },
  {
    name: 'report',
    main: 'subgraphs/report/src/main.ts',
    command: 'serve',
    portSetting: 'REPORT_PORT',
    defaultPort: 4003,
  },
  {
    name: 'route',
    main: 'subgraphs/route/src/main.ts',
    command: 'serve',
    portSetting: 'ROUTE_PORT',
    defaultPort: 4002,
  },
  {
    name: 'fleet',
    main: 'subgraphs/fleet/src/main.ts',
    command: 'serve',
    portSetting: 'FLEET_PORT',
    defaultPort: 4001,
  },
];

/** The files with a `readConfig`, from the project's root. */
export const CONFIG_FILES = [
  'ops/local/local-settings.ts',
  'ops/one-process/settings.ts',
  'subgraphs/fleet/src/config.ts',
  'subgraphs/route/src/config.ts',
  'subgraphs/report/src/config.ts',
  'gateway/src/config.ts',
] as const;

/** The port of each service: its setting, or its default. */
export function portsOf(env: NodeJS.ProcessEnv): Record<ServiceName, number> {
  return byName(({ portSetting, defaultPort }) => Number(env[portSetting] || defaultPort));
}

/** The origin of each service. */
export function urlsOf(env: NodeJS.ProcessEnv): Record<ServiceName, string> {
  const host = reachableHost(env['HOST']);
  const ports = portsOf(env);
  const schemeOf = (name: ServiceName): string =>
    name === 'gateway' && env['GATEWAY_TLS_CERT_FILE'] ? 'https' : 'http';
  return byName(({ name }) => `${schemeOf(name)}://${host}:${ports[name]}`);
}

/** A record with one value for each service. */
export function byName<T>(valueOf: (service: Service) => T): Record<ServiceName, T> {
  const entries = SERVICES.map((service) => [service.name, valueOf(service)] as const);
  return Object.fromEntries(entries) as Record<ServiceName, T>;
}

/** Who listens on every address is called on the local one. */
function reachableHost(host: string | undefined): string {
  if (!host || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
