import { Ec2Fault, notAllowed } from './ec2-fault.ts';
import type { Policy } from '../iam/policy.ts';
import { Guard } from './guard.ts';
import type { Params } from './params.ts';
import { tagsFor } from './params.ts';

export interface Instance {
  readonly id: string;
  readonly type: string;
  readonly subnet: string;
  readonly zone: string;
  readonly spot: boolean;
  readonly launchedAt: Date;
  readonly tags: Map<string, string>;
  state: 'pending' | 'running' | 'shutting-down' | 'stopped' | 'terminated';
  /** Of the last transition; often with a time. */
  reason: string;
  /** Of the state, where there is one besides. */
  stateReason: string;
  /** How often DescribeInstances does not know it yet. */
  unseen: number;
  protected: boolean;
}

export interface Template {
  readonly id: string;
  readonly name: string;
  readonly data: Params;
  readonly tags: Map<string, string>;
  readonly token: string;
}

/** Something behind the instances that boots and can be switched off; without it they are entries of a list. */
export interface Machines {
  /** @param template data of the launch template */
  boot(cloud: Cloud, instance: Instance, template: Params): void;
  switchOff(instance: Instance): void;
}

/** What there is to be had. */
export interface CloudOptions {
  /** Zone of each subnet. */
  readonly subnets: Readonly<Record<string, string>>;
  /** Hosts that a zone has room for; unlimited unless said. */
  readonly capacity?: Readonly<Record<string, number>>;
  /** How often DescribeInstances does not know a new instance yet. */
  readonly lag?: number;
  /** What the caller may do; everything unless it is there. */
  readonly policy?: Policy;
  /** Actions that the caller has no right to. */
  readonly denied?: readonly string[];
  /** Dollars an hour of a spot host, by type. */
  readonly spotPrices?: Readonly<Record<string, number>>;
  readonly machines?: Machines;
}

export interface Fleet {
  readonly id: string;
  readonly token: string;
  /** What was asked for: the same token with anything else is refused. */
  readonly request: string;
  readonly instances: Instance[];
  readonly errors: { override: Params; zone: string; lifecycle: string; code: string; message: string }[];
}

/** What is there: instances, launch templates, fleets. */
export class Cloud {
  readonly instances: Instance[] = [];
  readonly templates: Template[] = [];
  readonly fleets: Fleet[] = [];
  readonly options: CloudOptions;
  readonly guard: Guard;
  readonly #room: Map<string, number>;
  #next = 0;

  constructor(options: CloudOptions) {
    this.options = options;
    this.guard = new Guard(options.policy, (name) => this.#tagsOf(name));
    this.#room = new Map(Object.entries(options.capacity ?? {}));
  }

  id(kind: string): string {
    this.#next += 1;
    return `${kind}-${this.#next.toString(16).padStart(17, '0')}`;
  }

  setCapacity(zone: string, hosts: number): void {
    this.#room.set(zone, hosts);
  }

  /** Everything that is paid for. */
  get up(): Instance[] {
    return this.instances.filter(({ state }) => state === 'pending' || state === 'running');
  }

  addInstance(fields: Partial<Instance> = {}): Instance {
    const [subnet = 'subnet-00000000', zone = 'eu-west-1a'] = Object.entries(this.options.subnets)[0] ?? [];
    const instance: Instance = {
      id: this.id('i'),
      type: 'c7a.large',
      subnet,
      zone,
      spot: false,
      launchedAt: new Date(),
      tags: new Map(),
      state: 'running',
      reason: '',
      stateReason: '',
      unseen: 0,
      protected: false,
      ...fields,
    };
    this.instances.push(instance);
    return instance;
  }

  /** A fleet of type `instant`: all that there is room for, and of the rest why not. */
  createFleet(params: Params, region: string): Fleet {
    const token = params.get('ClientToken') ?? this.id('token');
    const request = JSON.stringify(params.entries());
    const before = this.fleets.find((fleet) => fleet.token === token);
    if (before !== undefined) {
      if (before.request === request) return before;
      throw new Ec2Fault('IdempotentParameterMismatch', 'The same token was used for another request');
    }
    const [config] = params.items('LaunchTemplateConfigs');
    const name = config?.inner('LaunchTemplateSpecification').get('LaunchTemplateName');
    const template = this.templates.find((one) => one.name === name);
    if (config === undefined || template === undefined) {
      throw new Ec2Fault(
        'InvalidLaunchTemplateName.NotFoundException',
        `There is no launch template ${name}`,
      );
    }
    const pools = config
      .items('Overrides')
      .map((one) => `${this.options.subnets[one.get('SubnetId') ?? '']} ${one.get('InstanceType')}`);
    if (new Set(pools).size < pools.length) {
      throw new Ec2Fault('InvalidFleetConfig', 'The fleet configuration contains duplicate instance pools.');
    }
    const fleet: Fleet = { id: this.id('fleet'), token, request, instances: [], errors: [] };
    this.fleets.push(fleet);
    const target = params.inner('TargetCapacitySpecification');
    const spot = Number(target.get('SpotTargetCapacity') ?? 0);
    const total = Number(target.get('TotalTargetCapacity'));
    const tags = (type: string): Map<string, string> =>
      new Map([...tagsFor(template.data, type), ...tagsFor(params, type)]);
    const allowed = (isSpot: boolean): Params[] =>
      config.items('Overrides').filter((override) => {
        const run = { request: template.data, override, tags, template: template.tags, spot: isSpot };
        const isDenied = this.options.denied?.includes('RunInstances') === true;
        const refused = isDenied ? notAllowed('ec2:RunInstances') : this.guard.run(run, region);
        if (refused === null) return true;
        const { code, message } = refused;
        const zone = this.options.subnets[override.get('SubnetId') ?? ''] ?? '';
        const lifecycle = isSpot ? 'spot' : 'on-demand';
        fleet.errors.push({ override, zone, lifecycle, code, message });
        return false;
      });
    if (total > spot) this.#place(fleet, allowed(false), total - spot, tags('instance'), false);
    if (spot > 0) this.#place(fleet, allowed(true), spot, tags('instance'), true);
    for (const instance of fleet.instances) this.options.machines?.boot(this, instance, template.data);
    return fleet;
  }

  #place(fleet: Fleet, overrides: Params[], count: number, tags: Map<string, string>, spot: boolean): void {
    let left = count;
    for (const override of overrides) {
      const subnet = override.get('SubnetId') ?? '';
      const zone = this.options.subnets[subnet] ?? '';
      const type = override.get('InstanceType') ?? '';
      const refuse = (code: string, message: string): void =>
        void fleet.errors.push({ override, zone, code, message, lifecycle: spot ? 'spot' : 'on-demand' });
      const price = this.options.spotPrices?.[type];
      const most = Number(override.get('MaxPrice') ?? Infinity);
      if (left > 0 && spot && price !== undefined && price > most) {
        refuse('SpotMaxPriceTooLow', `Your Spot request price of ${most} is lower than ${price}`);
        continue;
      }
      const room = this.#room.get(zone) ?? Infinity;
      const had = Math.min(left, room);
      this.#room.set(zone, room - had);
      for (let at = 0; at < had; at += 1) {
        const unseen = this.options.lag ?? 0;
        const instance = this.addInstance({
          type,
          subnet,
          zone,
          spot,
          tags: new Map(tags),
          state: 'pending',
          unseen,
        });
        fleet.instances.push(instance);
      }
      left -= had;
      if (left > 0 && had < left + had) {
        refuse(
          'InsufficientInstanceCapacity',
          `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}).`,
        );
      }
    }
  }

  #tagsOf(name: string): Map<string, string> | undefined {
    const template = this.templates.find((one) => one.name === name || one.id === name);
    return (template ?? this.instances.find(({ id }) => id === name))?.tags;
  }

  end(instance: Instance, reason = 'User initiated'): void {
    if (instance.state === 'terminated') return;
    this.options.machines?.switchOff(instance);
    instance.state = 'terminated';
    const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
    instance.reason = `${reason} (${at} GMT)`;
  }

  /**
   * Its machine has switched itself off. EC2 does not tell when.
   * @param stays what EC2 does unless the shutdown behaviour is `terminate`: its disks are kept, and paid for
   */
  hasShutDown(instance: Instance, stays: boolean): void {
    if (instance.state === 'terminated') return;
    instance.state = stays ? 'stopped' : 'terminated';
    instance.stateReason = 'Client.InstanceInitiatedShutdown: Instance initiated shutdown';
  }

  /** Spot takes it back. */
  interrupt(instance: Instance): void {
    this.end(instance, 'Server.SpotInstanceTermination: Spot instance termination');
  }
}
