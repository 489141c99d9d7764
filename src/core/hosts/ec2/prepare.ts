import type { CreateFleetCommandInput, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { UserError } from '../../domain/user-error.ts';
import { ExitCode } from '../../domain/exit-codes.ts';
import type { JoinRequest, PricePoint, UpRequest } from '../provider.ts';
import { addressOf } from '../orchestrator-address.ts';
import type { Ec2Settings } from '../settings/settings.ts';
import type { Ec2Connection } from './client.ts';
import { chooseSubnets } from './choose-subnets.ts';
import { readTemplate, rootDeviceOf, subnetsOf } from './describe.ts';
import { fleetInput, tooDear } from './fleet-input.ts';
import type { TagPlan } from './tags.ts';
import { templateData, templateName } from './template-data.ts';

/** Where Debian's and Amazon's images boot from. */
const USUAL_DEVICE = '/dev/xvda';

/** EC2's limit, before it is encoded. */
const MOST_USER_DATA = 16 * 1024;

export interface Prepared {
  readonly data: RequestLaunchTemplateData;
  readonly fleet: CreateFleetCommandInput;
  readonly tags: TagPlan;
  /** By subnet, one of each zone. */
  readonly zones: ReadonlyMap<string, string>;
}

interface Parts {
  readonly connection: Ec2Connection;
  readonly settings: Ec2Settings;
  readonly prices: readonly PricePoint[];
  readonly userData: (join: JoinRequest, now: number) => string;
  readonly now: () => number;
}

/** Everything that a launch asks for, from what EC2 says of subnets, image and template. Changes nothing. */
export async function prepareLaunch(
  parts: Parts,
  request: UpRequest,
  signal: AbortSignal,
): Promise<Prepared> {
  const { connection, settings, prices, userData, now } = parts;
  const { fleet, run, count, launchToken, join } = request;
  checkCap(settings, prices);
  const orchestrator = addressOf(join.orchestrator);
  const tags: TagPlan = { fleet, run, launchToken, orchestrator, own: settings.tags };
  const { launchTemplate: template } = settings;
  const base = template === null ? null : await readTemplate(connection, template, signal);
  const zones = chooseSubnets(settings.subnets, await subnetsOf(connection, settings.subnets, signal));
  const device = await deviceOf(parts, base?.ImageId ?? null, signal);
  const text = userData(join, now());
  if (Buffer.byteLength(text) > MOST_USER_DATA) {
    throw new Error(`user data of ${Buffer.byteLength(text)} bytes, EC2 takes ${MOST_USER_DATA}`);
  }
  const data = templateData({ settings, base, device, userData: text, tags });
  const input = {
    settings,
    subnets: [...zones.keys()],
    prices,
    count,
    launchToken,
    tags,
    templateName: templateName(fleet, data),
  };
  return { data, tags, zones, fleet: fleetInput(input) };
}

/** Only asked when there is something to say about the volume: a wrong device would be a second disk. */
async function deviceOf({ connection, settings }: Parts, imageOfBase: string | null, signal: AbortSignal) {
  const { device, sizeGib, type, iops, throughput } = settings.volume;
  if (device !== null) return device;
  const image = settings.image ?? imageOfBase;
  const isSet = [sizeGib, type, iops, throughput].some((value) => value !== null);
  return ((isSet && image && (await rootDeviceOf(connection, image, signal))) || null) ?? USUAL_DEVICE;
}

function checkCap(settings: Ec2Settings, prices: readonly PricePoint[]): void {
  const dear = tooDear(settings, prices);
  if (dear.length === 0 || dear.length < settings.instanceTypes.length) return;
  throw new UserError({
    code: 'PRICE_CAP',
    message: `Every instance type costs more on demand than ec2.price_cap, $${settings.priceCap} an hour, or it is not known what it costs: ${dear.join(', ')}.`,
    hint: 'Raise the cap, name smaller types, say what they cost in prices, or use spot instances: ec2.spot_share 100.',
    exitCode: ExitCode.invalidInput,
  });
}
