import { createInterface } from 'node:readline/promises';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';

/**
 * Asks on the terminal, and takes nothing but a plain yes for one.
 * @throws UserError when nobody is there to be asked, or the answer is no
 */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError({
      code: 'CONFIRMATION_NEEDED',
      message: `${question} Nobody is there to be asked: standard input is not a terminal.`,
      hint: 'Nothing was done. --yes does it without a question, --dry-run shows what would be done.',
      exitCode: ExitCode.usage,
    });
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    if (/^(y|yes)$/iu.test(answer.trim())) return;
  } finally {
    lines.close();
  }
  throw new UserError({ code: 'DECLINED', message: 'Nothing was done.', exitCode: ExitCode.failed });
}
