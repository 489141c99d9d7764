import { Config, Plugin } from '@oclif/core';
import pjson from '../package.json' with { type: 'json' };
import { COMMANDS } from '../src/commands/index.ts';

// oclif's type of a package.json asks for fields that only a published package has.
const PACKAGE = pjson as never;

/**
 * The plugin that holds every command, loaded without touching the disk. oclif finds commands by
 * reading a folder; in the single-file program there is none, so it is handed the table as if it
 * had read it already.
 */
export async function loadPlugin(): Promise<Plugin> {
  const plugin = new Plugin({
    // A manifest that happens to lie in the root directory of the host must not be believed.
    ignoreManifest: true,
    isRoot: true,
    name: pjson.name,
    pjson: PACKAGE,
    root: '/',
  });
  Object.assign(plugin, { commandCache: COMMANDS });
  await plugin.load();
  return plugin;
}

/** The oclif configuration of this program; the same under Node, in tests and in the binary. */
export async function loadConfig(): Promise<Config> {
  const plugin = await loadPlugin();
  return Config.load({
    pjson: PACKAGE,
    plugins: new Map([[plugin.name, plugin]]),
    root: '/',
  });
}
