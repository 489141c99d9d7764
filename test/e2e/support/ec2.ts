import { type SampleChainOptions, writeSampleChain } from '../../../src/nodeos/stand-in/sample-chain.ts';
import { LAUNCH_POLICY } from '../../support/iam/documented.ts';
import { type Ec2Server, type Ec2ServerOptions, startEc2 } from '../../support/ec2-server/index.ts';
import type { Finished, Running, RunOptions } from './replay.ts';
import { type Orchestrator, Scene } from './scene.ts';

const ZONES = {
  'subnet-0000000a': 'eu-west-1a',
  'subnet-0000000b': 'eu-west-1b',
  'subnet-0000000c': 'eu-west-1c',
};

const SETTINGS = {
  name: 'eos',
  orchestrator: 'http://10.0.0.5:4000',
  prices: { 'c7a.large': 0.5, 'm7a.large': 0.6 },
  ec2: {
    region: 'eu-west-1',
    subnets: Object.keys(ZONES),
    security_groups: ['sg-0000000a'],
    instance_types: ['c7a.large'],
    image: 'ami-0000000a',
    volume: { size_gib: 200 },
    instance_profile: 'replay-host',
  },
};

export interface FleetScene {
  scene: Scene;
  ec2: Ec2Server;
  orchestrator: Orchestrator;
  /** The same `replay serve` once more, on another port. */
  restart: () => Promise<Orchestrator>;
  /** Of `replay hosts …`: the arguments that every command of the fleet needs, and credentials. */
  start: (args: readonly string[], options?: RunOptions) => Running;
  hosts: (args: readonly string[], options?: RunOptions) => Promise<Finished>;
  json: (args: readonly string[]) => Promise<Record<string, unknown> & { code: number | null }>;
}

export interface FleetSceneOptions {
  ec2?: Partial<Ec2ServerOptions>;
  /** Laid over the settings of the file. */
  settings?: object;
  slices?: number;
  /** In the place of those of the file. */
  prices?: object;
  /** Laid over the section ec2 of the file. */
  fleet?: object;
  /** Flags of `replay serve`. */
  serve?: readonly string[];
  /** Its port; unless said a free one. */
  port?: number;
  /** Of the chain, where another one is needed. */
  chain?: Partial<SampleChainOptions>;
  /** Of every `replay hosts`. */
  env?: Record<string, string>;
  /** Where it is played; unless said in one of its own. */
  scene?: Scene;
}

/** A stand-in for EC2 with three zones, where the caller has the rights of docs/aws.md and no others, a run of some jobs, and a file with the settings of a fleet. */
export async function fleetScene({
  ec2: given = {},
  settings = {},
  slices = 4,
  serve = [],
  prices = SETTINGS.prices,
  fleet = {},
  port = 0,
  chain: changes = {},
  env: more = {},
  scene: played,
}: FleetSceneOptions = {}): Promise<FleetScene> {
  const scene = played ?? (await Scene.create());
  const ec2 = await startEc2({ subnets: ZONES, policy: LAUNCH_POLICY, ...given });
  scene.onEnd(() => ec2.close());
  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: scene.path('chain'), slices, ...shape, ...changes });
  await scene.write(
    'fleet.json',
    JSON.stringify({ ...SETTINGS, prices, ec2: { ...SETTINGS.ec2, ...fleet }, ...settings }, null, 2),
  );
  const aws = {
    AWS_ENDPOINT_URL_EC2: ec2.url,
    AWS_ENDPOINT_URL_PRICING: ec2.url,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const begin = (): Promise<Orchestrator> => scene.serve(chain.manifestPath, serve, { env: aws, port });
  const orchestrator = await begin();
  const own = { REPLAY_STATE_DIR: scene.path('state'), REPLAY_ORCHESTRATOR: orchestrator.url };
  const env = { ...aws, ...own, ...more };
  const start = (args: readonly string[], options: RunOptions = {}): Running =>
    scene.start(['hosts', ...args], { ...options, env: { ...env, ...options.env } });
  const hosts = (args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
    start(args, options).finished;
  const json = async (
    args: readonly string[],
  ): Promise<Record<string, unknown> & { code: number | null }> => {
    const { stdout, code } = await hosts([...args, '--json']);
    return { ...(JSON.parse(stdout) as Record<string, unknown>), code };
  };
  return { scene, ec2, orchestrator, start, hosts, json, restart: begin };
}
