import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moneyOf } from './money.ts';

test('shows the decimals that an amount needs, at least two', () => {
  const amounts = ['0.2500', '18.0000', '0.1234', '40', '0.1000', '123456789012345678.10'];
  assert.deepEqual(
    amounts.map((amount) => moneyOf(amount, 'EUR').amount),
    ['0.25', '18.00', '0.1234', '40.00', '0.10', '123456789012345678.10'],
  );
});
