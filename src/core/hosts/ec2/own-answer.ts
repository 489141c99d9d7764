import type { EC2Client } from '@aws-sdk/client-ec2';

/**
 * The SDK takes any well-formed XML for an answer, so that the page of a proxy is a fleet without hosts to it.
 * Here whatever says nothing is an error, which is asked about again as one of the network.
 */
export function takeOwnAnswersOnly({ middlewareStack }: EC2Client): void {
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const said = Object.keys(result.output ?? {}).filter((name) => name !== '$metadata');
      if (said.length === 0) throw notOfEc2('what answered is not EC2');
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'takeOwnAnswersOnly' },
  );
}

/**
 * An answer with status 200 in which EC2 says nothing. `$retryable` is how the SDK knows that the same may pass
 * when it is asked again.
 */
export function notOfEc2(message: string): Error {
  return Object.assign(new Error(message), { name: 'NotOfEc2', $retryable: { throttling: false } });
}
