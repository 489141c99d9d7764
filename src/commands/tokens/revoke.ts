import { Args, Flags } from '@oclif/core';
import { revokeToken } from '../../core/orchestrator/access/manage-tokens.ts';
import type { StoredToken } from '../../core/orchestrator/access/token-file.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag } from '../support/flags.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { dataDirFlag, tokenRecord } from '../support/token-view.ts';

export default class TokensRevoke extends BaseCommand {
  static override summary = 'Take an access token out of force.';
  static exitCodes: ExitCodes = {
    ok: 'revoked',
    failed: 'there is no such token',
    usage: 'wrong usage',
    cannotStart: 'the data directory cannot be used',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Runs on the host of the orchestrator. A running orchestrator refuses the token within a second, and
    so do the browsers that were signed in with it. The job of a host that works with it goes to another one
    when its lease ends; the host stops within a quarter of an hour, and ends when its idle timeout is over.

    With a join token nobody joins any more; the hosts that have joined with it go on, and are told. With
    --with-hosts their tokens are revoked, too, also when the join token itself is gone already.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3f9a1c2b',
    '<%= config.bin %> <%= command.id %> 3f9a1c2b --with-hosts --data-dir /srv/replay',
  ];
  static override args = {
    id: Args.string({ description: 'as replay tokens list shows it', required: true }),
  };
  static override flags = {
    'with-hosts': Flags.boolean({
      description: 'also the tokens of the hosts that have joined with it',
    }),
    'data-dir': dataDirFlag,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TokensRevoke);
    const withHosts = flags['with-hosts'];
    const { token, hosts, left } = await revokeToken(flags['data-dir'], args.id, { withHosts });
    if (flags.json) {
      const records = { hosts_revoked: hosts.map(tokenRecord), hosts_left: left.map(tokenRecord) };
      this.printJson({ revoked: token === null ? null : tokenRecord(token), ...records });
      return;
    }
    for (const one of [...(token === null ? [] : [token]), ...hosts]) {
      process.stdout.write(`Token ${one.id}${nameOf(one)} is revoked.\n`);
    }
    if (left.length > 0) process.stderr.write(`${whoIsLeft(left, args.id)}\n`);
  }
}

function whoIsLeft(left: readonly StoredToken[], id: string): string {
  const names = left.slice(0, 10).map((one) => one.name ?? one.id);
  const more = left.length > names.length ? ` and ${left.length - names.length} more` : '';
  const who = left.length === 1 ? '1 host that has joined' : `${left.length} hosts that have joined`;
  return `${who} with it keep their own tokens: ${names.join(', ')}${more}. To revoke these, too: replay tokens revoke ${id} --with-hosts`;
}

function nameOf({ name }: { name: string | null }): string {
  return name === null ? '' : ` (${name})`;
}
