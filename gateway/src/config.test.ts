import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originsIn, readConfig } from './config.ts';

const NEEDED = {
  REDIS_URL: 'redis://127.0.0.1',
  SERVICE_IDENTITY_SECRET: 'x'.repeat(32),
  JWKS_URL: 'https://login.example.com/keys',
};

test('origins and the address of the keys are checked at the start, and all told at once', () => {
  const origins = 'https://app.example.com, http://127.0.0.1:8080';
  const config = readConfig({ ...NEEDED, GATEWAY_CORS_ORIGINS: origins });
  assert.equal(originsIn(config.GATEWAY_CORS_ORIGINS).length, 2);
  for (const wrong of ['https://app.example.com/', 'app.example.com', '*']) {
    const env = { ...NEEDED, GATEWAY_CORS_ORIGINS: wrong, JWKS_URL: 'ftp://keys' };
    assert.throws(() => readConfig(env), /GATEWAY_CORS_ORIGINS needs.*JWKS_URL needs/s);
  }
});

test('a certificate and its key come together', () => {
  const files = { GATEWAY_TLS_CERT_FILE: '/tls.crt', GATEWAY_TLS_KEY_FILE: '/tls.key' };
  assert.equal(readConfig({ ...NEEDED, ...files }).GATEWAY_TLS_KEY_FILE, '/tls.key');
  for (const name of Object.keys(files)) {
    const env = { ...NEEDED, ...files, [name]: '' };
    assert.throws(() => readConfig(env), new RegExp(`${name} is missing`));
  }
});
