import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAdmittedRequests, seenRequest } from './admitted-requests.ts';

const BODY = Buffer.from('{"query":"{ é }"}');
const ADMITTED = { answerKey: 'key', contentType: 'application/json' };

test('a request is recognised by its bytes, for its group alone', () => {
  const requests = createAdmittedRequests();
  requests.add(seenRequest(BODY, 'group'), ADMITTED);
  assert.equal(requests.find(seenRequest(Buffer.from(BODY), 'group'))?.answerKey, 'key');
  assert.equal(requests.find(seenRequest(BODY, 'other group')), undefined);
  assert.equal(requests.find(seenRequest(Buffer.from('{"query":"{ e }"}'), 'group')), undefined);
});

test('another request of the same mark is not taken for it', () => {
  const requests = createAdmittedRequests();
  const request = seenRequest(BODY, 'group');
  requests.add(request, ADMITTED);
  assert.equal(requests.find({ ...request, text: 'other' }), undefined);
  assert.equal(requests.find({ ...request, group: 'other' }), undefined);
  requests.add({ ...request, text: 'other' }, ADMITTED);
  assert.equal(requests.find(request), undefined);
});
