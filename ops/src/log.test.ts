import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from './log.ts';
import { newRequestScope, runDetached, runInRequest } from './request.ts';

test('a line is JSON with time, level, service and the id of the current request', () => {
  const lines: string[] = [];
  const log = createLogger({
    service: 'kit',
    destination: { write: (line) => void lines.push(line) },
  });
  runInRequest(newRequestScope({ requestId: 'r-1' }), () => {
    log.info({ password: 'geheim', count: 3 }, 'hello');
    runDetached(() => log.warn(new Error('oh')));
  });
  log.debug('not written');
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines.length, 2);
  assert.deepEqual(
    { ...first, time: undefined },
    {
      level: 'info',
      time: undefined,
      service: 'kit',
      requestId: 'r-1',
      password: '[hidden]',
      count: 3,
      msg: 'hello',
    },
  );
  assert.equal(second?.['requestId'], undefined);
  assert.match(JSON.stringify(second?.['err']), /"stack"/);
});
