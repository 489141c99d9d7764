/**
 * The exit codes of every command. They are part of the contract (see CONTRIBUTING.md):
 * a number is never reused for another outcome.
 */
export const ExitCode = {
  /** The command did what it was asked to do. */
  ok: 0,
  /** The run, or the command itself, failed. */
  failed: 1,
  /** The command line was wrong: unknown flag, missing or malformed value. */
  usage: 2,
  /** An input file (manifest, configuration) is invalid. */
  invalidInput: 3,
  /** The run that was asked about is not finished yet. */
  notFinished: 4,
  /** What tells of the run is not to be had: the orchestrator cannot be reached or refuses, a data directory cannot be read. */
  unreachable: 5,
  /** This machine cannot start the command here: port in use, directory held, too little disk, tool missing. */
  cannotStart: 6,
  /** The host on which the command ran is to end: it had no work, has reached its age, or is taken back. */
  hostEnds: 7,
  /** Part of what was asked for was done: fewer hosts were launched than asked for. */
  partial: 8,
  /** A defect in this program. */
  bug: 70,
  /** Ended by Ctrl-C or a termination signal. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
