import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { sendTest, type TestSent } from '../../core/notify/send-test.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag } from '../support/flags.ts';
import { readTargets, targetFlags, userAgent } from '../support/notify-flags.ts';
import { describe, type ExitCodes } from '../support/prose.ts';

export default class NotifyTest extends BaseCommand {
  static override summary = 'Send a test notification, and show what the receivers answer.';
  static exitCodes: ExitCodes = {
    ok: 'every receiver took it',
    usage: 'wrong usage',
    invalidInput: 'the file with the URLs is missing or invalid',
    unreachable: 'at least one receiver refused it or could not be reached',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Takes the flags that replay serve takes, and sends one notification of the kind "test" to each URL, once.
    The URLs themselves are not shown, because they may contain secrets: a receiver is named by its host
    and a short hash, as in the log of replay serve.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --notify-file /etc/replay/notify',
    '<%= config.bin %> <%= command.id %> --notify https://hooks.example.com/replay --notify-form slack',
  ];
  static override flags = { ...targetFlags, json: jsonFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(NotifyTest);
    const targets = await readTargets(flags);
    if (targets.length === 0) {
      throw new UserError({
        code: 'NOTIFY_NOBODY',
        message: 'There is nobody to send it to.',
        hint: 'Give --notify URL or --notify-file FILE.',
        exitCode: ExitCode.usage,
      });
    }
    const about = { source: hostname(), id: randomUUID(), userAgent: userAgent(this.config.version) };
    const sent = await Promise.all(targets.map((target) => sendTest(target, about)));
    if (flags.json) this.printJson({ targets: sent });
    else process.stdout.write(sent.map(line).join(''));
    if (sent.some(({ delivered }) => !delivered)) process.exitCode = ExitCode.unreachable;
  }
}

function line({ target, form, delivered, answer }: TestSent): string {
  return `${target}, form ${form}: ${delivered ? 'delivered' : 'NOT DELIVERED'}, ${answer}\n`;
}
