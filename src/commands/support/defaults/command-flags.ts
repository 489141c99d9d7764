import type { Config } from '@oclif/core';
import type { CommandFlags, FlagSpecs } from './flag-spec.ts';

/** The flags of every command of ours, with all of their definition: oclif's own list leaves out ranges. */
export async function commandFlags({ commands }: Config): Promise<CommandFlags> {
  const own = commands.filter(({ id }) => id !== 'help');
  return new Map(
    await Promise.all(
      own.map(async (command): Promise<[string, FlagSpecs]> => {
        const { flags } = await command.load();
        return [command.id.replaceAll(':', ' '), (flags ?? {}) as FlagSpecs];
      }),
    ),
  );
}
