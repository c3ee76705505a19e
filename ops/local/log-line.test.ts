import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogLine } from './log-line.ts';

test('a structured warning becomes its message, with the error and the request', () => {
  const line = JSON.stringify({
    level: 40,
    msg: 'slow',
    requestId: 'r1',
    err: { message: 'late' },
  });
  assert.deepEqual(readLogLine(line), { level: 'warn', text: 'slow (late, request r1)' });
});

test('a level by name counts like one by number', () => {
  assert.equal(readLogLine('{"level":"info","msg":"fine"}').level, 'info');
});

test('anything but a log entry is an error, since only a crash prints it', () => {
  assert.deepEqual(readLogLine('TypeError: x'), { level: 'error', text: 'TypeError: x' });
  assert.equal(readLogLine('{"level":').level, 'error');
});
