import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConfigError,
  commonSettings,
  databaseSettings,
  describeSettings,
  identitySettings,
  readSettings,
  setting,
} from './config.ts';

const shape = {
  PORT: setting.port(4000).describe('where to listen'),
  WAIT_MS: setting.milliseconds(250),
  SIZE: setting.count(5, { min: 1, max: 9 }),
  RATIO: setting.decimal(0.2, { min: 0, max: 1 }),
  VERBOSE: setting.flag(false),
  PLACE: setting.url(),
  COLOR: setting.oneOf(['red', 'green'], 'red'),
  NAME: setting.text().optional(),
};

test('reads settings with their types and defaults into a frozen object', () => {
  const config = readSettings(shape, {
    PLACE: 'http://a.test/',
    VERBOSE: 'on',
    SIZE: '9',
    PORT: '',
  });
  assert.deepEqual(config, {
    PORT: 4000,
    WAIT_MS: 250,
    SIZE: 9,
    RATIO: 0.2,
    VERBOSE: true,
    PLACE: 'http://a.test',
    COLOR: 'red',
  });
  assert.ok(Object.isFrozen(config));
});

test('names every problem at once, and never a secret', () => {
  const env = {
    PORT: '70000',
    WAIT_MS: '1.5',
    SIZE: '0',
    VERBOSE: 'maybe',
    PLACE: 'pass@word',
    COLOR: 'blue',
    SERVICE_IDENTITY_SECRET: 'too short',
  };
  assert.throws(
    () => readSettings({ ...shape, ...identitySettings, ...databaseSettings }, env),
    (error) => {
      assert.ok(error instanceof ConfigError);
      const names = error.problems.map((problem) => problem.split(' ', 1)[0]);
      assert.deepEqual(new Set(names), new Set([...Object.keys(env), 'DATABASE_URL']));
      assert.match(error.message, /PORT needs a port from 0 to 65535, got "70000"/);
      assert.doesNotMatch(error.message, /pass@word|too short/);
      return true;
    },
  );
});

test('describes settings for the table of the README', () => {
  assert.deepEqual(describeSettings({ PORT: shape.PORT, PLACE: shape.PLACE, NAME: shape.NAME }), [
    { name: 'PORT', default: '4000', description: 'where to listen', required: false },
    { name: 'PLACE', default: null, description: '', required: true },
    { name: 'NAME', default: null, description: '', required: false },
  ]);
  for (const row of describeSettings({ ...commonSettings, ...databaseSettings })) {
    assert.ok(row.description, row.name);
  }
});
