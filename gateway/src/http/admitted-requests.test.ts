import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAdmittedRequests, seenRequest } from './admitted-requests.ts';

const BODY = Buffer.from('{"query":"{ é }"}');
const GROUP = { group: 'group', groupMark: 7 };
const ADMITTED = { answerKey: 'key', contentType: 'application/json' };

test('a request is recognised by its bytes, for its group alone', () => {
  const requests = createAdmittedRequests();
  requests.add(seenRequest(BODY, GROUP), ADMITTED);
  assert.equal(requests.find(seenRequest(Buffer.from(BODY), GROUP))?.answerKey, 'key');
  assert.equal(requests.find(seenRequest(BODY, { ...GROUP, group: 'other' })), undefined);
  assert.equal(requests.find(seenRequest(Buffer.from('{"query":"{ e }"}'), GROUP)), undefined);
});

test('another request of the same mark is not taken for it', () => {
  const requests = createAdmittedRequests();
  const request = seenRequest(BODY, GROUP);
  requests.add(request, ADMITTED);
  assert.equal(requests.find({ ...request, text: 'other' }), undefined);
  assert.equal(requests.find({ ...request, group: 'other' }), undefined);
  requests.add({ ...request, text: 'other' }, ADMITTED);
  assert.equal(requests.find(request), undefined);
});
