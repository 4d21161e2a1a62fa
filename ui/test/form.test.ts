// Tests of the errors of forms.
import { expect, test } from 'vitest';
import { passwordError, refusal } from '../src/features/account/errors';
import { missing } from '../src/kit/useForm';

test('a field that must not be empty needs more than spaces', () => {
  const values = { name: '  ', topic: '', code: 'x' };
  expect(missing(values, ['name', 'code'])).toEqual({ name: 'Fill this in.' });
  expect(missing(values, [])).toEqual({});
});

test('a password is counted in bytes, as on the server', () => {
  expect(passwordError('1234567')).toBe('Use 8 characters or more.');
  expect(passwordError('12345678')).toBeUndefined();
  expect(passwordError('密码密')).toBeUndefined();
  expect(passwordError('密'.repeat(342))).toBe('That password is too long.');
});

test('a refusal is shown at the field that the server names', () => {
  expect(refusal({ code: 'name_taken' })).toEqual({ name: 'That name is taken.' });
  expect(Object.keys(refusal({ code: 'invalid', field: 'password' }))).toEqual(['password']);
  expect(Object.keys(refusal({ code: 'invalid', field: 'topic' }))).toEqual(['topic']);
  expect(refusal({ code: 'offline' })).toEqual({ '': 'The server cannot be reached.' });
});
