import { Flags } from '@oclif/core';
import { BaseCommand } from './support/base-command.ts';
import { commandFlags } from './support/defaults/command-flags.ts';
import { jsonOfDefaults, renderDefaults } from './support/defaults/render.ts';
import { shownSettings } from './support/defaults/shown.ts';
import { jsonFlag } from './support/flags.ts';
import { describe, type ExitCodes } from './support/prose.ts';
import { explainUnknownCommand } from './support/unknown-command.ts';

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show the defaults that are in force, and where each of them comes from.';
  static exitCodes: ExitCodes = {
    ok: 'shown',
    usage: 'wrong usage',
    invalidInput: 'a file with defaults is invalid',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Without a command: what the environment and the files set for any command; with --all also what is built
    in. With a command: all of its flags. Secrets are not shown.

    The files are JSON, comments allowed. The one that REPLAY_DEFAULTS names is the only one; else
    $XDG_CONFIG_HOME/replay/config.json (or ~/.config/replay/config.json) counts before
    /etc/replay/config.json. Their keys are the names of flags, for all commands that have them, and the names
    of commands with an object of flags: {"orchestrator": "10.0.0.5", "jobs retry": {"json": true}}. The
    command line counts before the environment, and that before the files. docs/configuration.md has the rest.
    `,
    this.exitCodes,
    { takesDefaults: false },
  );
  static override usage = 'config [COMMAND]';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> jobs retry',
    '<%= config.bin %> <%= command.id %> --all --json',
  ];
  static override strict = false;
  static override flags = {
    all: Flags.boolean({ description: 'also what is built in' }),
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ConfigShow);
    const commands = await commandFlags(this.config);
    const command = argv.join(' ').replaceAll(':', ' ');
    if (command !== '' && !commands.has(command)) {
      const ids = [...commands.keys()].map((name) => name.replaceAll(' ', ':'));
      throw explainUnknownCommand(new Error(`command ${command} not found`), ids);
    }
    const files = await this.defaultsFiles();
    const shown = shownSettings(
      command === '' ? commands : new Map([[command, commands.get(command) ?? {}]]),
      files,
      process.env,
    ).filter(({ source }) => flags.all || command !== '' || source !== 'built-in');
    if (flags.json) this.printJson(jsonOfDefaults(files, shown));
    else process.stdout.write(renderDefaults(files, shown));
  }
}
