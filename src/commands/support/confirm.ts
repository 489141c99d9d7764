import { once } from 'node:events';
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
  // Not as a terminal: it would keep Ctrl-C to itself.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    // The end of the input is no answer.
    const ended = once(lines, 'close', { signal }).then(() => '');
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
    if (/^(y|yes)$/iu.test(answer.trim())) return;
  } finally {
    lines.close();
  }
  throw new UserError({ code: 'DECLINED', message: 'Nothing was done.', exitCode: ExitCode.failed });
}
