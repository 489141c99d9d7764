import { commands as helpCommands } from '@oclif/plugin-help';
import Report from './report.ts';
import Serve from './serve.ts';
import Status from './status.ts';

/** Every command by its id. Written out because the single-file program has no folder to read. */
export const COMMANDS = {
  ...helpCommands,
  report: Report,
  serve: Serve,
  status: Status,
};
