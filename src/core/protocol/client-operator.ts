import type { CallOptions, Connection } from './client-connection.ts';
import { recordOf } from './client-record.ts';
import type { BeginRunRequest, BegunRunRecord, ManifestCheckRecord, PauseAnswer } from './control-record.ts';
import type { DismissAnswer } from './host-record.ts';
import type { JoinTokenAnswer } from './join-record.ts';
import type { LaunchTurnAnswer, LaunchTurnRequest } from './launch-turn.ts';
import { FLEET_SCHEMAS } from './schemas/fleet.ts';
import { HOST_SCHEMAS } from './schemas/host.ts';
import { JOIN_SCHEMAS } from './schemas/join.ts';
import { RUN_SCHEMAS } from './schemas/run.ts';

export type OperatorCalls = ReturnType<typeof operatorCalls>;

/** What a person decides about the run as a whole, and about who may work on it. */
export function operatorCalls(connection: Connection) {
  const changePause = async (
    path: '/run/pause' | '/run/resume',
    body: string,
    options: CallOptions,
  ): Promise<PauseAnswer> =>
    recordOf(await connection.post(path, body, options), RUN_SCHEMAS.PauseAnswer, 'one to a pause');

  return {
    /** Stops the handing out of jobs, or begins it again (`reason` is for people). */
    pauseRun: (reason: string | null, options: CallOptions = {}): Promise<PauseAnswer> =>
      changePause('/run/pause', JSON.stringify({ reason }), options),

    resumeRun: (options: CallOptions = {}): Promise<PauseAnswer> => changePause('/run/resume', '', options),

    /** What is wrong with a manifest, or what would become of a run with it. */
    async checkManifest(
      { manifest, manifest_folder, nodeos_version, nodeos_options }: Omit<BeginRunRequest, 'current_run_id'>,
      options: CallOptions = {},
    ): Promise<ManifestCheckRecord> {
      const query = new URLSearchParams();
      if (manifest === null) query.set('current', '');
      if (manifest_folder) query.set('folder', manifest_folder);
      if (nodeos_version) query.set('nodeos_version', nodeos_version);
      for (const option of nodeos_options ?? []) query.append('nodeos_option', option);
      const path = `/manifest/check?${query.toString()}`;
      const answer = await connection.post(path, manifest ?? '', connection.patient(options));
      return recordOf(answer, RUN_SCHEMAS.ManifestCheck, 'a check of a manifest');
    },

    /** Begins another run. The same request may be sent again when its answer was lost. */
    async beginRun(request: BeginRunRequest, options: CallOptions = {}): Promise<BegunRunRecord> {
      const answer = await connection.post('/run', JSON.stringify(request), connection.patient(options));
      return recordOf(answer, RUN_SCHEMAS.BegunRun, 'a run');
    },

    /** Asks for the turn to launch hosts of a fleet; null: the orchestrator is an older one, and knows no turns. */
    async launchTurn(wish: LaunchTurnRequest, options: CallOptions = {}): Promise<LaunchTurnAnswer | null> {
      const answer = await connection.post('/fleet/turn', JSON.stringify(wish), options);
      return answer.status === 404 ? null : recordOf(answer, FLEET_SCHEMAS.LaunchTurnAnswer, 'one to a turn');
    },

    /** Gives no more jobs to those of these workers that hold none: they are about to be ended. null: an older one. */
    async dismissHosts(
      workerIds: readonly string[],
      options: CallOptions = {},
    ): Promise<DismissAnswer | null> {
      const body = JSON.stringify({ worker_ids: workerIds });
      const answer = await connection.post('/hosts/dismiss', body, options);
      return answer.status === 404
        ? null
        : recordOf(answer, HOST_SCHEMAS.DismissAnswer, 'one to a dismissal');
    },

    /** Makes a token that so many hosts can exchange for tokens of their own; null in it: none is needed. */
    async makeJoinToken(
      wanted: { uses: number; valid_seconds: number; worker_valid_seconds: number; name: string },
      options: CallOptions = {},
    ): Promise<JoinTokenAnswer> {
      const answer = await connection.post('/tokens/join', JSON.stringify(wanted), options);
      return recordOf(answer, JOIN_SCHEMAS.JoinTokenAnswer, 'a token');
    },
  };
}
