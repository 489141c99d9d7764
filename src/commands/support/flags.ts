import { Flags } from '@oclif/core';

/** Where the orchestrator is; `work`, `status`, `report` and later commands share it. */
export const orchestratorFlag = Flags.string({
  char: 'o',
  description: 'address of the orchestrator: an IP, host:port, or URL',
  env: 'REPLAY_ORCHESTRATOR',
  helpValue: 'ADDRESS',
  default: '127.0.0.1:4000',
});

export const jsonFlag = Flags.boolean({
  description: 'print JSON for programs instead of text for people',
});

export const logFormatFlag = Flags.option({
  options: ['text', 'json'] as const,
  default: 'text' as const,
  description: 'form of the log lines on stderr',
  env: 'REPLAY_LOG_FORMAT',
})();

export const logLevelFlag = Flags.option({
  options: ['debug', 'info', 'warn', 'error'] as const,
  default: 'info' as const,
  description: 'least severe log lines that are shown',
  env: 'REPLAY_LOG_LEVEL',
})();
