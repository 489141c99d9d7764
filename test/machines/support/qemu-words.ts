import { accelerator } from './accelerator.ts';
import { RECIPE } from './image/recipe.ts';
import type { DebianImage } from './image/debian-image.ts';

/** A disk besides that of the root. */
export interface Disk {
  /** A file; what is written to it stays. */
  path: string;
  /** As EBS volumes have none that is told here; instance storage is known by its model. */
  model: string | null;
}

export interface MachineSpec {
  image: DebianImage;
  /** Where its sockets and its console's log are. */
  folder: string;
  disks: readonly Disk[];
  /** The firmware says that this is EC2. */
  ec2: boolean;
  /** TCP connections to the address go to the port of this machine's loopback. */
  forwards: readonly { address: string; port: number; to: number }[];
  /** Of the kernel. */
  boot: readonly string[];
}

/** In the machine, this machine's loopback, with all its ports. */
export const GATEWAY = '169.254.0.2';

/** Of the machine; every one has a network of its own. */
export const ADDRESS = '169.254.0.15';

export const MAC = '0a:00:00:00:00:01';

const UUID = 'ec2e1916-9099-7caf-fd21-012345abcdef';

/** An option of qemu, and its value. */
type Option = readonly [string, string];

/** Arguments of qemu: a machine of the kind of EC2's Nitro, as far as the guest can tell. Pure. */
export function qemuWords({ image, folder, disks, ec2, forwards, boot }: MachineSpec): string[] {
  const root = `PARTUUID=${RECIPE.partition}`;
  const kernel = ['console=ttyS0', `root=${root}`, 'rw', 'rootwait', 'net.ifnames=0', 'mitigations=off'];
  const hosts = forwards.map(
    ({ address, port, to }) => `,guestfwd=tcp:${address}:${port}-cmd:${comma(relay(to))}`,
  );
  const options: readonly Option[] = [
    ...accelerator().options,
    ['m', '1536'],
    ['smp', '2'],
    ['display', 'none'],
    ['kernel', image.kernel],
    ['append', [...kernel, ...boot].join(' ')],
    ...(ec2 ? firmware() : []),
    ['drive', `if=none,id=root,file=${comma(image.disk)},format=raw,snapshot=on`],
    ['device', 'nvme,drive=root,serial=vol0root'],
    ...disks.flatMap(diskOptions),
    ['netdev', NETWORK + hosts.join('')],
    ['device', `virtio-net-pci,netdev=net,mac=${MAC}`],
    ['device', 'virtio-rng-pci'],
    ['serial', `file:${folder}/console.log`],
    ['monitor', `unix:${folder}/monitor,server=on,wait=off`],
    ['device', 'virtio-serial-pci'],
    ['chardev', `socket,id=agent,path=${folder}/agent,server=on,wait=off`],
    ['device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
  ];
  return ['-nodefaults', '-no-user-config', ...options.flatMap(([name, value]) => [`-${name}`, value])];
}

/** One with the address of the metadata service in it, which qemu answers for. */
const NETWORK = `user,id=net,net=169.254.0.0/16,host=${GATEWAY},dns=169.254.0.3,dhcpstart=${ADDRESS},ipv6=off`;

function firmware(): Option[] {
  return [
    ['smbios', 'type=0,vendor=Amazon EC2,version=1.0'],
    ['smbios', `type=1,manufacturer=Amazon EC2,product=c7a.large,uuid=${UUID},serial=${UUID}`],
  ];
}

function diskOptions({ path, model }: Disk, index: number): Option[] {
  const name = `drive=disk${index},serial=vol${index + 1}`;
  return [
    ['drive', `if=none,id=disk${index},file=${comma(path)},format=raw,cache=unsafe`],
    // The emulated NVMe says its own model only.
    ['device', model === null ? `nvme,${name}` : `ide-hd,${name},model=${model}`],
  ];
}

/** A command whose input and output is a connection. */
function relay(port: number): string {
  return `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 & exec cat >&3'`;
}

/** In an option of qemu, where a comma ends a value. */
function comma(value: string): string {
  return value.replaceAll(',', ',,');
}
