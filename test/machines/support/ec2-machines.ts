import type { Cloud, Instance, Machines } from '../../support/ec2-server/cloud.ts';
import type { Params } from '../../support/ec2-server/params.ts';
import { type ImdsStandIn, startImds } from '../../support/imds/index.ts';
import type { Scene } from '../../e2e/support/scene.ts';
import { describeInstance } from './instance-metadata.ts';
import { Machine } from './machine.ts';
import type { Disk } from './qemu-words.ts';

/** An instance that is a machine. */
export interface MachineInstance {
  machine: Machine;
  imds: ImdsStandIn;
}

/**
 * The machines behind the instances of the stand-in for EC2. Each boots with a metadata service of its own, and
 * with the user data of its launch template; the end of the one is the end of the other.
 */
export class Ec2Machines implements Machines {
  readonly #scene: Scene;
  readonly #disks: readonly Disk[];
  readonly #instances = new Map<string, Promise<MachineInstance>>();

  /** @param disks of every machine; so one machine at a time, unless there are none */
  constructor(scene: Scene, disks: readonly Disk[]) {
    this.#scene = scene;
    this.#disks = disks;
  }

  /** The machine of an instance, once it is switched on. */
  of(instance: Instance): Promise<MachineInstance> {
    const found = this.#instances.get(instance.id);
    if (found === undefined) throw new Error(`${instance.id} has not been booted`);
    return found;
  }

  boot(cloud: Cloud, instance: Instance, template: Params): void {
    const started = this.#start(instance, template);
    this.#instances.set(instance.id, started);
    const stays = template.get('InstanceInitiatedShutdownBehavior') !== 'terminate';
    started.then(
      async ({ machine }) => {
        await machine.ended;
        cloud.hasShutDown(instance, stays);
      },
      () => undefined,
    );
  }

  switchOff(instance: Instance): void {
    // One that could not be started is told of by whoever asks for it.
    const started = this.#instances.get(instance.id);
    void started?.then(({ machine }) => machine.switchOff()).catch(() => undefined);
  }

  async #start(instance: Instance, template: Params): Promise<MachineInstance> {
    const imds = await startImds();
    this.#scene.onEnd(() => imds.close());
    describeInstance(imds, instance, Buffer.from(template.get('UserData') ?? '', 'base64').toString());
    const machine = await Machine.start({
      folder: this.#scene.path(instance.id),
      disks: this.#disks,
      ec2: true,
      forwards: [{ address: '169.254.169.254', port: 80, to: imds.port }],
      boot: [],
    });
    this.#scene.onEnd(() => machine.kill());
    return { machine, imds };
  }
}
