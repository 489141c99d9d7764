import { S3Client } from '@aws-sdk/client-s3';

/** Where the SDK's standard chain found AWS credentials. The credentials themselves stay in here. */
export interface AwsCredentialsFound {
  /** For people: `environment variables`. */
  source: string;
  /** When they end; null: they do not say. */
  expiration: Date | null;
}

/** What the SDK attaches to say where credentials come from (`CREDENTIALS_*` of @aws-sdk/core). */
const SOURCES: Readonly<Record<string, string>> = {
  CREDENTIALS_ENV_VARS: 'environment variables',
  CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN: 'a web identity token',
  CREDENTIALS_STS_ASSUME_ROLE: 'an assumed role',
  CREDENTIALS_STS_ASSUME_ROLE_WEB_ID: 'a web identity token',
  CREDENTIALS_PROFILE: 'a profile of the shared credentials file',
  CREDENTIALS_PROFILE_PROCESS: 'a program that a profile names',
  CREDENTIALS_PROFILE_SSO: 'the single sign-on of a profile',
  CREDENTIALS_PROCESS: 'a program that a profile names',
  CREDENTIALS_SSO: 'single sign-on',
  CREDENTIALS_HTTP: 'the endpoint of the container',
  CREDENTIALS_IMDS: "the machine's instance profile",
};

/** @returns null when there are none anywhere */
export async function findAwsCredentials(): Promise<AwsCredentialsFound | null> {
  const client = new S3Client({ region: 'us-east-1' });
  try {
    const found = (await client.config.credentials()) as {
      expiration?: Date;
      $source?: Record<string, string>;
    };
    const names = Object.keys(found.$source ?? {}).map((key) => SOURCES[key]);
    return {
      source: names.find((name) => name !== undefined) ?? 'a source that the SDK does not name',
      expiration: found.expiration ?? null,
    };
  } catch (error) {
    if (/Credential|TokenProvider/u.test((error as Error).name)) return null;
    throw error;
  } finally {
    client.destroy();
  }
}
