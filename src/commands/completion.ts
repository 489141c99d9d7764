import { Args } from '@oclif/core';
import { BaseCommand } from './support/base-command.ts';
import { bashCompletion } from './support/completion/bash.ts';
import { fishCompletion } from './support/completion/fish.ts';
import { completedPlaces } from './support/completion/model.ts';
import { zshCompletion } from './support/completion/zsh.ts';
import { describe, type ExitCodes } from './support/prose.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const SHELLS = ['bash', 'zsh', 'fish'] as const;

export default class Completion extends BaseCommand {
  static override summary = 'Print a script that makes the shell complete commands, flags and values.';
  static exitCodes: ExitCodes = {
    ok: 'printed',
    usage: 'wrong usage',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    The script knows the commands of this version, and asks nothing of the program or of the network when
    it is used. Print it anew after an update.

    For good: in bash, put the first example into ~/.bashrc. In zsh, put the second one into ~/.zshrc, after
    compinit. In fish, run the third one once.
    `,
    this.exitCodes,
    { takesDefaults: false },
  );
  static override examples = [
    'source <(<%= config.bin %> <%= command.id %> bash)',
    'source <(<%= config.bin %> <%= command.id %> zsh)',
    '<%= config.bin %> <%= command.id %> fish > ~/.config/fish/completions/replay.fish',
  ];
  static override args = {
    shell: Args.string({ description: 'the shell', options: [...SHELLS], required: true }),
  };
  static override flags = {};

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const shell = SHELLS.find((name) => name === args.shell) ?? 'bash';
    process.stdout.write(SCRIPTS[shell](this.config.bin, completedPlaces(this.config)));
  }
}
