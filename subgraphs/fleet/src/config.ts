import {
  commonSettings,
  databaseSettings,
  identitySettings,
  readSettings,
  setting,
} from '@quantumroute/ops/config';

export const settings = {
  ...commonSettings,
  ...databaseSettings,
  ...identitySettings,
  FLEET_PORT: setting.port(4001).describe('The port of the fleet subgraph'),
};

export type FleetConfig = ReturnType<typeof readConfig>;

export function readConfig(env: Record<string, string | undefined>) {
  return readSettings(settings, env);
}
