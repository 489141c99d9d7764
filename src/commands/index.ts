import { commands as helpCommands } from '@oclif/plugin-help';
import Completion from './completion.ts';
import ConfigShow from './config.ts';
import Demo from './demo.ts';
import Doctor from './doctor.ts';
import HostsDown from './hosts/down.ts';
import HostsInit from './hosts/init.ts';
import HostsList from './hosts/list.ts';
import HostsUp from './hosts/up.ts';
import JobsCancel from './jobs/cancel.ts';
import JobsEvidence from './jobs/evidence.ts';
import JobsLogs from './jobs/logs.ts';
import JobsRetry from './jobs/retry.ts';
import NotifyTest from './notify/test.ts';
import Report from './report.ts';
import RunsCompare from './runs/compare.ts';
import RunsList from './runs/list.ts';
import RunsPause from './runs/pause.ts';
import RunsResume from './runs/resume.ts';
import RunsStart from './runs/start.ts';
import Serve from './serve.ts';
import Status from './status.ts';
import TokensCreate from './tokens/create.ts';
import TokensList from './tokens/list.ts';
import TokensRevoke from './tokens/revoke.ts';
import Work from './work.ts';

/** Every command by its id. Written out because the single-file program has no folder to read. */
export const COMMANDS = {
  ...helpCommands,
  completion: Completion,
  config: ConfigShow,
  demo: Demo,
  doctor: Doctor,
  'hosts:down': HostsDown,
  'hosts:init': HostsInit,
  'hosts:list': HostsList,
  'hosts:up': HostsUp,
  'jobs:cancel': JobsCancel,
  'jobs:evidence': JobsEvidence,
  'jobs:logs': JobsLogs,
  'jobs:retry': JobsRetry,
  'notify:test': NotifyTest,
  report: Report,
  'runs:compare': RunsCompare,
  'runs:list': RunsList,
  'runs:pause': RunsPause,
  'runs:resume': RunsResume,
  'runs:start': RunsStart,
  serve: Serve,
  status: Status,
  'tokens:create': TokensCreate,
  'tokens:list': TokensList,
  'tokens:revoke': TokensRevoke,
  work: Work,
};
