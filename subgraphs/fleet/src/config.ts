import {
  commonSettings,
  databaseSettings,
  identitySettings,
  readSettings,
  redisSettings,
  setting,
} from '@quantumroute/ops/config';

export const settings = {
  ...commonSettings,
  ...databaseSettings,
  ...redisSettings,
  ...identitySettings,
  FLEET_PORT: setting.port(4001).describe('The port of the fleet subgraph'),
};

export type FleetConfig = ReturnType<typeof readConfig>;

export function readConfig(env: Record<string, string | undefined>) {
  return readSettings(settings, env);
}
