import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { createToken } from '../../core/orchestrator/access/manage-tokens.ts';
import { isRight, RIGHTS, type Right } from '../../core/orchestrator/access/rights.ts';
import { tokenFileOf } from '../../core/orchestrator/access/token-file.ts';
import { BaseCommand } from '../support/base-command.ts';
import { parseDuration } from '../support/duration.ts';
import { jsonFlag } from '../support/flags.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { dataDirFlag, tokenRecord } from '../support/token-view.ts';

export default class TokensCreate extends BaseCommand {
  static override summary = 'Make an access token, and print it once.';
  static exitCodes: ExitCodes = {
    ok: 'made',
    failed: 'there are too many tokens',
    usage: 'wrong usage',
    cannotStart: 'the data directory cannot be used',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Runs on the host of the orchestrator. Only a hash of the token is kept, so it cannot be shown again.
    An orchestrator that asks for tokens accepts it within a second; one that runs without, after its
    next start.

    The right "read" is for status and report; "work" includes it and is for replay hosts; "admin"
    includes both and is for asking for another run of a job.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --rights work --name rented-hosts --expires 30d > replay.token',
    '<%= config.bin %> <%= command.id %> --rights read --name dashboard --json',
  ];
  static override flags = {
    rights: Flags.string({
      description: `what its bearer may do: ${RIGHTS.join(', ')}, or several with commas between them`,
      helpValue: 'RIGHTS',
      default: 'read',
    }),
    name: Flags.string({ description: 'for your own memory', helpValue: 'NAME' }),
    expires: Flags.string({
      description: 'how long it is valid: 90s, 45m, 12h, 30d; without this for ever',
      helpValue: 'DURATION',
    }),
    'data-dir': dataDirFlag,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(TokensCreate);
    const { token, stored } = await createToken(
      flags['data-dir'],
      {
        name: flags.name === undefined ? null : checkName(flags.name),
        rights: parseRights(flags.rights),
        validForMs: flags.expires === undefined ? null : parseExpiry(flags.expires),
      },
      new Date(),
    );
    if (flags.json) {
      this.printJson({ ...tokenRecord(stored), token });
      return;
    }
    // On stdout nothing but the token, so that it can go straight into a file.
    process.stderr.write(
      `Token ${stored.id} (${stored.rights.join(', ')}), kept as a hash in ${tokenFileOf(flags['data-dir'])}:\n`,
    );
    process.stdout.write(`${token}\n`);
  }
}

function parseRights(text: string): Right[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !isRight(name));
  if (unknown !== undefined) {
    throw wrong(
      `There is no right ${JSON.stringify(unknown)}.`,
      `Expected one or more of: ${RIGHTS.join(', ')}.`,
    );
  }
  return RIGHTS.filter((right) => names.includes(right));
}

function parseExpiry(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw wrong(
    `--expires ${JSON.stringify(text)} is not a duration.`,
    'Expected a number with s, m, h or d: 12h, 30d; ten years at most.',
  );
}

function checkName(text: string): string {
  if (/^[\p{L}\p{N} ._@:/+-]{1,80}$/u.test(text)) return text;
  throw wrong(
    `The name ${JSON.stringify(text)} cannot be used.`,
    'Letters, digits, spaces and ._@:/+- are possible, 80 at most.',
  );
}

function wrong(message: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', message, hint, exitCode: ExitCode.usage });
}
