import { expect, test } from 'vitest';
import { ec2Error, hintFor, isUnclear } from '../../../../src/core/hosts/ec2/ec2-error.ts';

function sdkError(name: string, message = name, status = 400): Error {
  return Object.assign(new Error(message), { name, Code: name, $metadata: { httpStatusCode: status } });
}

test.each([
  ['UnauthorizedOperation', 403, 'EC2_NOT_ALLOWED'],
  ['AuthFailure', 401, 'AWS_CREDENTIALS'],
  ['RequestExpired', 400, 'AWS_CREDENTIALS'],
  ['RequestLimitExceeded', 503, 'EC2_THROTTLED'],
  ['InternalError', 500, 'EC2_UNREACHABLE'],
  ['CredentialsProviderError', undefined, 'AWS_CREDENTIALS'],
  ['ERR_INVALID_URL', undefined, 'AWS_ENDPOINT_INVALID'],
  ['ECONNREFUSED', undefined, 'EC2_UNREACHABLE'],
  ['InvalidSubnetID.NotFound', 400, 'EC2_REFUSED'],
])('%s (%s) is %s', (name, status, code) => {
  expect(ec2Error('CreateFleet', sdkError(name, name, status), 'eu-west-1').code).toBe(code);
});

test('what a message has in it cannot steer a terminal', () => {
  const { message } = ec2Error('CreateFleet', sdkError('Odd', 'a\u001b[2Jb\nc'), 'eu-west-1');
  expect(message).toBe('EC2 (eu-west-1) refused CreateFleet: a [2Jb c (Odd)');
});

test.each([
  [
    'Error',
    'XML parse error: cut off.\n  Deserialization error: to see the raw',
    200,
    'XML parse error: cut off. (Error)',
  ],
  ['Unknown', 'Unknown', 403, 'status 403, and not a word of EC2 (Unknown)'],
])('an answer that cannot be read is said to be none (%s)', (name, message, status, said) => {
  const error = ec2Error('CreateFleet', sdkError(name, message, status), 'eu-west-1');
  expect(error.message).toBe(`EC2 (eu-west-1) gave no answer to CreateFleet: ${said}`);
});

test('an answer that says no is clear, one that does not come is not', () => {
  expect(isUnclear(sdkError('InvalidParameterValue'))).toBe(false);
  expect(isUnclear(sdkError('ServiceUnavailable', '', 503))).toBe(true);
  expect(isUnclear(sdkError('ECONNRESET'))).toBe(true);
  expect(isUnclear(undefined)).toBe(false);
  expect(isUnclear(sdkError('Error', 'XML parse error\n  Deserialization error: see', 200))).toBe(true);
  expect(isUnclear(sdkError('Unknown', 'Unknown', 403))).toBe(true);
});

test('the role that spot instances need in an account is said to be made', () => {
  expect(hintFor('AuthFailure.ServiceLinkedRoleCreationNotPermitted')).toContain('spot.amazonaws.com');
});
