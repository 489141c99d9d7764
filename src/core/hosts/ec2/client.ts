import { EC2Client } from '@aws-sdk/client-ec2';
import { UserError } from '../../domain/user-error.ts';
import { ec2Error } from './ec2-error.ts';
import { takeOwnAnswersOnly } from './own-answer.ts';

/** Throttling passes; with the SDK's growing pauses this is about a minute. `AWS_MAX_ATTEMPTS` counts more. */
const ATTEMPTS = 8;

/** EC2 takes its time with a fleet of hundreds. */
const ANSWER_MS = 90_000;
const CONNECT_MS = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** EC2 of one region. */
export interface Ec2Connection {
  readonly client: EC2Client;
  readonly region: string;
  /** Where it is asked, for people. */
  readonly endpoint: string;
}

/**
 * Connects to EC2: credentials come from the SDK's standard chain, the region from the settings, AWS_REGION or
 * the profile. Nothing is asked yet.
 * @param attempts at a request that passing trouble keeps from an answer, unless AWS_MAX_ATTEMPTS says
 * @throws UserError when there is no region
 */
export async function connectEc2(
  region: string | null,
  env: Environment,
  attempts = ATTEMPTS,
): Promise<Ec2Connection> {
  const given = region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || null);
  const asked = Number(env['AWS_MAX_ATTEMPTS']);
  const client = new EC2Client({
    ...(given === null ? {} : { region: given }),
    maxAttempts: Number.isInteger(asked) && asked > 0 ? asked : attempts,
    requestHandler: { requestTimeout: ANSWER_MS, connectionTimeout: CONNECT_MS, throwOnRequestTimeout: true },
  });
  takeOwnAnswersOnly(client);
  const known = await client.config.region().catch((error: unknown) => {
    throw new UserError({
      code: 'AWS_REGION_MISSING',
      message: 'It is not said in which region of AWS the hosts are to be.',
      hint: 'Set ec2.region in the settings of the fleet, --region, or AWS_REGION.',
      cause: error,
    });
  });
  const endpoint = env['AWS_ENDPOINT_URL_EC2'] || env['AWS_ENDPOINT_URL'] || known;
  return { client, region: known, endpoint };
}

/**
 * Asks EC2. @param action as in EC2's documentation
 * @throws UserError that says what to do; the signal's reason when that was the end of it
 */
export async function asking<T>(
  { endpoint }: Ec2Connection,
  action: string,
  ask: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    signal?.throwIfAborted();
    throw ec2Error(action, error, endpoint);
  }
}
