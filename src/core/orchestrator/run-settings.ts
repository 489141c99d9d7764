import type { RetryPolicy } from '../domain/retry-policy.ts';
import { writeRunInfo, type RunFolder, type RunSettings } from '../store/run-folder.ts';

/**
 * Keeps the policy with the run, so that it is in force after a restart too, and the term of the leases,
 * so that the run can be told later as it was.
 * @param leaseSeconds not in force after a restart: every start says it anew
 */
export async function keepSettings(
  { path, info }: RunFolder,
  policy: RetryPolicy,
  leaseSeconds: number,
): Promise<void> {
  const settings: RunSettings = {
    retries: policy.budgets,
    confirmMismatch: policy.confirmMismatch,
    leaseSeconds,
  };
  const before = info.settings;
  if (JSON.stringify(before) === JSON.stringify(settings)) return;
  info.settings = settings;
  try {
    await writeRunInfo(path, info);
  } catch (error) {
    // A start on a full disk is possible, and the term alone is no reason to refuse it.
    const { leaseSeconds: _before, ...policyBefore } = before ?? {};
    const { leaseSeconds: _now, ...policyNow } = settings;
    if (JSON.stringify(policyBefore) !== JSON.stringify(policyNow)) throw error;
  }
}
