import { commands as helpCommands } from '@oclif/plugin-help';
import Serve from './serve.ts';

/** Every command by its id. Written out because the single-file program has no folder to read. */
export const COMMANDS = {
  ...helpCommands,
  serve: Serve,
};
