import { readFile } from 'node:fs/promises';
import { imdsEndpoint, InstanceMetadata } from './imds.ts';

/** Firmware of EC2 says so, on Nitro and on Xen. */
const BOARDS = ['board_vendor', 'sys_vendor', 'bios_vendor', 'bios_version'];

/**
 * The metadata service of this machine; null where it is none of EC2's: elsewhere the address may be anybody's.
 * An address that is given explicitly is asked in any case.
 */
export async function ownMetadata(env: NodeJS.ProcessEnv): Promise<InstanceMetadata | null> {
  const endpoint = imdsEndpoint(env);
  if (endpoint === null) return null;
  const isGiven = Boolean(env['AWS_EC2_METADATA_SERVICE_ENDPOINT']);
  return isGiven || (await isEc2()) ? new InstanceMetadata(endpoint) : null;
}

async function isEc2(): Promise<boolean> {
  const texts = await Promise.all(
    BOARDS.map((name) => readFile(`/sys/devices/virtual/dmi/id/${name}`, 'utf8').catch(() => '')),
  );
  return texts.some((text) => /amazon/i.test(text));
}
