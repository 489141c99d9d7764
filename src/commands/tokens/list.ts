import { listTokens } from '../../core/orchestrator/access/manage-tokens.ts';
import type { StoredToken } from '../../core/orchestrator/access/token-file.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag } from '../support/flags.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { dataDirFlag, tokenRecord, tokenTable } from '../support/token-view.ts';

export default class TokensList extends BaseCommand {
  static override summary = 'Show the access tokens that were made, without the tokens themselves.';
  static exitCodes: ExitCodes = {
    ok: 'shown, also when there are none',
    usage: 'wrong usage',
    cannotStart: 'the list of tokens cannot be read',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Runs on the host of the orchestrator. Times are UTC. The token that replay serve was given or made
    itself is not among them.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data-dir /srv/replay',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { 'data-dir': dataDirFlag, json: jsonFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(TokensList);
    const tokens = await listTokens(flags['data-dir']);
    if (flags.json) this.printJson({ tokens: tokens.map(tokenRecord) });
    else process.stdout.write(`${shown(tokens, flags['data-dir'])}\n`);
  }
}

function shown(tokens: readonly StoredToken[], dataDir: string): string {
  return tokens.length === 0 ? `There are no tokens in ${dataDir}.` : tokenTable(tokens, new Date());
}
