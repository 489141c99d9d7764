import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Args, Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { writeFileAtomically } from '../../core/files/atomic-file.ts';
import { exampleSettings } from '../../core/hosts/settings/example.ts';
import { settingsSchema } from '../../core/hosts/settings/settings-schema.ts';
import { BaseCommand } from '../support/base-command.ts';
import { describe, type ExitCodes } from '../support/prose.ts';

export default class HostsInit extends BaseCommand {
  static override summary = 'Write a file with the settings of a fleet, to be filled in.';
  static exitCodes: ExitCodes = {
    ok: 'the file was written',
    failed: 'the file is there already, or cannot be written',
    usage: 'wrong usage',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    The file has every setting with a comment. Put your own subnets, security groups, image and prices in it;
    \`replay hosts up 1 --dry-run\` then asks EC2 whether all of it is right. docs/aws.md leads through the set-up.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> eos.json --force',
    '<%= config.bin %> <%= command.id %> --schema > fleet.schema.json',
  ];
  static override args = { file: Args.string({ description: 'name of the file', default: 'fleet.json' }) };
  static override flags = {
    force: Flags.boolean({ description: 'replace a file that is there' }),
    'dry-run': Flags.boolean({ description: 'print it, and write nothing' }),
    schema: Flags.boolean({
      description: 'print the JSON Schema of such files instead, with which editors check and explain them',
      exclusive: ['force', 'dry-run'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HostsInit);
    if (flags.schema) {
      this.printJson(settingsSchema());
      return;
    }
    // Two newcomers in one account must not stop each other's hosts.
    const name = `replay-${randomInt(0x10000).toString(16).padStart(4, '0')}`;
    const content = exampleSettings(name);
    if (flags['dry-run']) {
      process.stdout.write(content);
      return;
    }
    try {
      if (flags.force) await writeFileAtomically(args.file, content);
      else await writeFile(args.file, content, { flag: 'wx' });
    } catch (error) {
      throw unwritable(args.file, error as NodeJS.ErrnoException);
    }
    process.stdout.write(
      `${args.file} is written. Fill it in, then: replay hosts up 1 --dry-run --fleet ${args.file}\n`,
    );
  }
}

function unwritable(file: string, error: NodeJS.ErrnoException): UserError {
  const isThere = error.code === 'EEXIST';
  return new UserError({
    code: isThere ? 'FILE_EXISTS' : 'FILE_UNWRITABLE',
    message: isThere ? `${file} is there already.` : `${file} cannot be written: ${error.message}`,
    hint: isThere ? '--force replaces it.' : 'Name another file.',
    exitCode: ExitCode.failed,
    cause: error,
  });
}
