import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLError } from 'graphql';
import { ERROR_CODES, failure } from './failures.ts';
import { createLogger } from './log.ts';
import { maskErrors } from './mask-error.ts';
import { newRequestScope, runInRequest } from './request.ts';

const mask = maskErrors(createLogger({ service: 'kit', level: 'silent' }));

function shown(error: Error) {
  const thrown = new GraphQLError(error.message, { path: ['a', 0], originalError: error });
  return runInRequest(newRequestScope({ requestId: 'r-1' }), () => mask(thrown.toJSON(), thrown));
}

test('every code of the catalogue passes with its message', () => {
  for (const code of Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[]) {
    if (code === 'INTERNAL_SERVER_ERROR') continue;
    const error = failure(code, 'for the caller');
    assert.equal(mask(error.toJSON(), error).message, 'for the caller');
    assert.equal(mask(error.toJSON(), error).extensions?.['code'], code);
  }
});

test('errors of the database become codes and say nothing about it', () => {
  for (const [error, code] of [
    [
      Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' }),
      'SERVICE_UNAVAILABLE',
    ],
    [Object.assign(new Error('terminating'), { code: '57P01' }), 'SERVICE_UNAVAILABLE'],
    [new Error('timeout exceeded when trying to connect'), 'SERVICE_UNAVAILABLE'],
    [Object.assign(new Error('canceling statement'), { code: '57014' }), 'DEADLINE_EXCEEDED'],
    [new Error('wrapped', { cause: new Error('Query read timeout') }), 'DEADLINE_EXCEEDED'],
  ] as const) {
    const { message, extensions, path } = shown(error);
    assert.deepEqual(extensions, { code, requestId: 'r-1' });
    assert.deepEqual(path, ['a', 0]);
    assert.doesNotMatch(message, /10\.0\.0\.1|terminating|statement|timeout/);
  }
});

test('everything else is an internal error with the request id', () => {
  for (const error of [
    new Error('duplicate key value violates "orders_pkey"'),
    new GraphQLError('odd', { extensions: { code: 'MADE_UP', stacktrace: ['at x'] } }),
    failure('INTERNAL_SERVER_ERROR', 'details'),
  ]) {
    assert.deepEqual(shown(error), {
      message: 'Internal server error',
      path: ['a', 0],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' },
    });
  }
});
