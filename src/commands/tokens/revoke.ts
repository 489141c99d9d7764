import { Args } from '@oclif/core';
import { revokeToken } from '../../core/orchestrator/access/manage-tokens.ts';
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
    so do the browsers that were signed in with it. A host that works with it loses its job.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3f9a1c2b',
    '<%= config.bin %> <%= command.id %> 3f9a1c2b --data-dir /srv/replay',
  ];
  static override args = {
    id: Args.string({ description: 'as replay tokens list shows it', required: true }),
  };
  static override flags = { 'data-dir': dataDirFlag, json: jsonFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TokensRevoke);
    const revoked = await revokeToken(flags['data-dir'], args.id);
    if (flags.json) this.printJson({ revoked: tokenRecord(revoked) });
    else process.stdout.write(`Token ${revoked.id}${nameOf(revoked)} is revoked.\n`);
  }
}

function nameOf({ name }: { name: string | null }): string {
  return name === null ? '' : ` (${name})`;
}
