import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ConfigError } from '@quantumroute/ops/config';

import { readConfig } from './config.ts';

const env = {
  DATABASE_URL: 'postgres://localhost/route',
  REDIS_URL: 'redis://localhost',
  SERVICE_IDENTITY_SECRET: 'a secret that is at least 32 characters',
};

test('three settings are enough, everything else has a default', () => {
  const config = readConfig(env);
  assert.equal(config.ROUTE_PORT, 4002);
  assert.equal(config.ROUTE_PLANNER_THREADS, 1);
  assert.equal(config.PUBLIC_URL, 'http://127.0.0.1:4000');
});

test('all problems are told at once', () => {
  const wrong = { ROUTE_PLANNER_THREADS: '0', ROUTE_PORT: 'none' };
  assert.throws(
    () => readConfig(wrong),
    (error) => error instanceof ConfigError && error.problems.length === 5,
  );
});

test('a router needs a URL, and names for the kinds of vehicle that exist', () => {
  const problems = (more: Record<string, string>) => {
    try {
      readConfig({ ...env, ...more });
      return [];
    } catch (error) {
      return error instanceof ConfigError ? error.problems : assert.fail(String(error));
    }
  };
  assert.match(problems({ ROUTE_ROAD_PROVIDER: 'osrm' }).join(), /ROUTE_ROAD_URL is missing/);
  const osrm = { ROUTE_ROAD_PROVIDER: 'osrm', ROUTE_ROAD_URL: 'http://127.0.0.1:5000' };
  assert.deepEqual(problems(osrm), []);
  for (const names of ['TRAM=rail', 'CAR', 'CAR=a/b', 'CAR=driving,']) {
    assert.equal(problems({ ...osrm, ROUTE_ROAD_OSRM_PROFILES: names }).length, 1, names);
  }
  assert.equal(problems({ ...osrm, ROUTE_ROAD_URL: 'ftp://127.0.0.1' }).length, 1);
});
