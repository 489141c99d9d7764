import { harmless as oneLine } from '../../notify/harmless.ts';
import { ExitCode } from '../../domain/exit-codes.ts';
import { UserError } from '../../domain/user-error.ts';

/** What is looked at of an error of the SDK. */
interface SdkError extends Error {
  Code?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number; attempts?: number };
}

const MOST = 4000;

/** Rights, credentials and limits by EC2's codes (docs: EC2 API error codes). */
const CREDENTIALS =
  /^(AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|ExpiredTokenException|RequestExpired|IncompleteSignature|UnrecognizedClientException|MissingAuthenticationToken|OptInRequired|Blocked)$/;
const THROTTLED =
  /^(RequestLimitExceeded|Throttling|ThrottlingException|TooManyRequestsException|RequestThrottled)$/;
const NOT_REACHED =
  /^(TimeoutError|AbortError|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ConnectionRefused|ConnectionClosed|FailedToOpenSocket|NotOfEc2)$/;

/** EC2's code for what went wrong: `UnauthorizedOperation`, or that of the connection: `ECONNREFUSED`. */
export function codeOf(error: unknown): string {
  const { name, Code, code } = (error ?? {}) as Partial<SdkError>;
  return code ?? Code ?? name ?? '';
}

/** The answer to a dry run that says yes. */
export function isDryRunSuccess(error: unknown): boolean {
  return codeOf(error) === 'DryRunOperation' || (error as Error).name === 'DryRunOperation';
}

/**
 * Nobody knows whether EC2 has done it: no answer came, one that says that EC2 itself failed, or one that cannot
 * be read: half of it, or the page of a proxy.
 */
export function isUnclear(error: unknown): boolean {
  const status = (error as SdkError | undefined)?.$metadata?.httpStatusCode ?? 0;
  return NOT_REACHED.test(codeOf(error)) || isUnreadable(error) || status >= 500;
}

/** One request too many: EC2 has not looked at it. */
export function isThrottled(error: unknown): boolean {
  return THROTTLED.test(codeOf(error));
}

/** The SDK has asked more than once, and the error is the answer to the last time. */
export function wasRepeated(error: unknown): boolean {
  return ((error as SdkError | undefined)?.$metadata?.attempts ?? 1) > 1;
}

/** The SDK could make nothing of the answer; whose it was is not known. */
function isUnreadable(error: unknown): boolean {
  const { message = '' } = (error ?? {}) as Partial<Error>;
  return codeOf(error) === 'Unknown' || message.includes('Deserialization error');
}

/**
 * The error as a user meets it. @param action of EC2's API: `CreateFleet`. @param endpoint for people
 */
export function ec2Error(action: string, error: unknown, endpoint: string): UserError {
  if (error instanceof UserError) return error;
  const code = codeOf(error);
  const said = harmless((error as Error).message);
  const details = { cause: error };
  if (code === 'UnauthorizedOperation' || code === 'AccessDenied' || code === 'AccessDeniedException') {
    return missingRight(action, (error as Error).message, details);
  }
  if (code === 'CredentialsProviderError') {
    return new UserError({
      ...details,
      code: 'AWS_CREDENTIALS',
      message: `There are no credentials for EC2 (${endpoint}): ${said}`,
      hint: 'They come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile that AWS_PROFILE names, or the role of this machine; `aws sts get-caller-identity` shows who that is.',
    });
  }
  if (code === 'ERR_INVALID_URL') {
    return new UserError({
      ...details,
      code: 'AWS_ENDPOINT_INVALID',
      message: `${harmless(endpoint)} is no URL: EC2 cannot be asked.`,
      hint: 'AWS_ENDPOINT_URL_EC2 or AWS_ENDPOINT_URL says so, or endpoint_url of the profile.',
      exitCode: ExitCode.invalidInput,
    });
  }
  if (CREDENTIALS.test(code)) {
    return new UserError({
      ...details,
      code: 'AWS_CREDENTIALS',
      message: `EC2 (${endpoint}) does not accept the credentials at ${action}: ${said} (${code})`,
      hint: 'AWS_PROFILE, AWS_ACCESS_KEY_ID or the role of this machine says who asks: `aws sts get-caller-identity` shows who that is. A clock that is wrong by minutes has the same effect.',
    });
  }
  if (isThrottled(error)) {
    return new UserError({
      ...details,
      code: 'EC2_THROTTLED',
      message: `EC2 (${endpoint}) refused ${action} as one request too many, however often it was repeated (${code})`,
      hint: 'Others in the account ask too much as well. Try again in a minute; nothing was started twice.',
    });
  }
  if (isUnclear(error)) {
    return new UserError({
      ...details,
      code: 'EC2_UNREACHABLE',
      message: `EC2 (${endpoint}) gave no answer to ${action}: ${whyUnclear(error as SdkError)} (${code})`,
      hint: 'Check the region, the network, and AWS_ENDPOINT_URL_EC2 if it is set. `replay hosts list` shows what was started.',
    });
  }
  return new UserError({
    ...details,
    code: 'EC2_REFUSED',
    message: `EC2 (${endpoint}) refused ${action}: ${said} (${code})`,
    hint: hintFor(code),
  });
}

/** Of an answer that could not be read, the SDK adds a copy, and advice for programmers. */
function whyUnclear({ message, $metadata }: SdkError): string {
  const [first = ''] = message.split('\n');
  const isNothing = first === 'Unknown' || first === 'UnknownError';
  return isNothing ? `status ${$metadata?.httpStatusCode ?? 0}, and not a word of EC2` : harmless(first);
}

/** The right that is missing stands in the message: `… is not authorized to perform: ec2:RunInstances on resource: …`. */
export function missingRight(action: string, message: string, details: { cause?: unknown } = {}): UserError {
  const right = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? `ec2:${action}`;
  const resource = /on resource: (\S+)/.exec(message)?.[1];
  const encoded = /[Ee]ncoded authorization failure message: (\S+)/.exec(message)?.[1];
  const where = resource === undefined ? '' : ` on ${harmless(resource)}`;
  const why =
    encoded === undefined
      ? ''
      : ` Why it was refused: aws sts decode-authorization-message --encoded-message ${harmless(encoded)}`;
  return new UserError({
    ...details,
    code: 'EC2_NOT_ALLOWED',
    message: `The right ${right}${where} is missing: EC2 refused ${action}.`,
    hint: `docs/aws.md has the policy with all rights that are needed, and no others.${why}`,
  });
}

const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^InvalidSubnet/, 'Check ec2.subnets, and that ec2.region is the region in which they are.'],
  [
    /^InvalidGroup|^InvalidSecurityGroup/,
    'Check ec2.security_groups; they have to be of the VPC of the subnets.',
  ],
  [/^InvalidAMIID|^InvalidImageID/, 'Check ec2.image: each region has images of its own.'],
  [/^InvalidLaunchTemplate/, 'Check ec2.launch_template and its version.'],
  [/^InvalidKeyPair/, 'Check ec2.key_name.'],
  [
    /ServiceLinkedRoleCreationNotPermitted$/,
    'Spot instances need a role of EC2 that each account has once. Somebody who may make roles: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com',
  ],
  [
    /^(VcpuLimitExceeded|InstanceLimitExceeded|MaxSpot)/,
    'Ask AWS for a higher quota (Service Quotas, Amazon EC2), or ask for fewer hosts.',
  ],
];

/** What to do about one of EC2's codes. */
export function hintFor(code: string): string {
  return (
    HINTS.find(([pattern]) => pattern.test(code))?.[1] ??
    'Check the settings of the fleet; --dry-run shows what is asked.'
  );
}

/** EC2's words for a terminal: one line, nothing that steers it. */
export function harmless(text: string): string {
  return oneLine(text, MOST);
}
