import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { createJoinToken } from '../../core/orchestrator/access/join-tokens.ts';
import { createToken } from '../../core/orchestrator/access/manage-tokens.ts';
import { isRight, RIGHTS, type Right } from '../../core/orchestrator/access/rights.ts';
import { tokenFileOf } from '../../core/orchestrator/access/token-file.ts';
import { DEFAULT_JOIN, MAX_JOIN_SECONDS, MAX_USES } from '../../core/protocol/join-record.ts';
import { BaseCommand } from '../support/base-command.ts';
import { parseDuration } from '../../core/domain/parse-duration.ts';
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

    With --join it is a token that hosts exchange for tokens of their own, for what a machine is started
    with and others may read: it is good for --uses hosts, for an hour unless --expires says otherwise,
    and for nothing but joining.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --rights work --name rented-hosts --expires 30d > replay.token',
    '<%= config.bin %> <%= command.id %> --rights read --name dashboard --json',
    '<%= config.bin %> <%= command.id %> --join --uses 20 --expires 30m > join.token',
  ];
  static override flags = {
    rights: Flags.string({
      description: `what its bearer may do: ${RIGHTS.join(', ')}, or several with commas between them`,
      helpValue: 'RIGHTS',
      default: 'read',
      exclusive: ['join'],
    }),
    join: Flags.boolean({ description: 'make a join token: hosts exchange it for tokens of their own' }),
    uses: Flags.integer({
      description: 'with --join: for how many hosts it is good; without this for one',
      min: 1,
      max: MAX_USES,
      dependsOn: ['join'],
    }),
    'worker-expires': Flags.string({
      description: 'with --join: how long the token of a host is valid after it has joined; without this 7d',
      helpValue: 'DURATION',
      dependsOn: ['join'],
    }),
    name: Flags.string({ description: 'for your own memory', helpValue: 'NAME' }),
    expires: Flags.string({
      description:
        'how long it is valid: 90s, 45m, 12h, 30d; without this for ever, and with --join an hour, 7d at most',
      helpValue: 'DURATION',
    }),
    'data-dir': dataDirFlag,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(TokensCreate);
    const name = flags.name === undefined ? null : checkName(flags.name);
    const validForMs = flags.expires === undefined ? null : parseExpiry('--expires', flags.expires);
    const dataDir = flags['data-dir'];
    const { token, stored } = flags.join
      ? await createJoinToken(
          dataDir,
          {
            name,
            uses: flags.uses ?? DEFAULT_JOIN.uses,
            validForMs: joinExpiry(validForMs),
            workerValidForMs: parseExpiry('--worker-expires', flags['worker-expires'] ?? '7d'),
          },
          new Date(),
        )
      : await createToken(dataDir, { name, rights: parseRights(flags.rights), validForMs }, new Date());
    if (flags.json) {
      this.printJson({ ...tokenRecord(stored), token });
      return;
    }
    // On stdout nothing but the token, so that it can go straight into a file.
    process.stderr.write(
      `Token ${stored.id} (${stored.join ? 'for joining' : stored.rights.join(', ')}), kept as a hash in ${tokenFileOf(dataDir)}:\n`,
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

/** What is handed to machines that are just being made is not to be of use for long. */
function joinExpiry(validForMs: number | null): number {
  const ms = validForMs ?? DEFAULT_JOIN.validSeconds * 1000;
  if (ms <= MAX_JOIN_SECONDS * 1000) return ms;
  throw wrong('A join token is valid for 7d at most.', 'Tokens of the hosts themselves: --worker-expires.');
}

function parseExpiry(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw wrong(
    `${flag} ${JSON.stringify(text)} is not a duration.`,
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
