import { UserError } from '../../domain/user-error.ts';

/** Whoever asks over HTTP has no flags to raise a limit with: that is for those who run the orchestrator. */
const HINT =
  'Whoever runs the orchestrator raises the limits: max_hosts and budget in the file of `serve --fleet`, or --autoscale and --budget of `serve`.';

/** Decides, and says of limits that leave no room where they are set. @throws UserError */
export async function withLimitsHint<Decision>(decision: Promise<Decision>): Promise<Decision> {
  try {
    return await decision;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'HOSTS_LIMIT') throw error;
    const { code, message, exitCode } = error;
    throw new UserError({ code, message, hint: HINT, exitCode, cause: error });
  }
}
