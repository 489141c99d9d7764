import type { PricePoint, ProviderName, WorkPlan } from '../provider.ts';

/** The settings of a fleet, checked. What each of them means stands in rules.ts and docs/aws.md. */
export interface FleetSettings {
  readonly name: string;
  readonly provider: ProviderName;
  /** As the hosts reach it; null: as this machine does. */
  readonly orchestrator: string | null;
  /** US dollars for the whole run; null: no limit. */
  readonly budget: number | null;
  readonly maxHosts: number;
  /** Without a job, after which a host may be stopped. */
  readonly idleAfterSeconds: number;
  readonly prices: readonly PricePoint[];
  readonly work: WorkPlan;
  readonly ec2: Ec2Settings;
  /** `options` are arguments of ssh. */
  readonly ssh: { readonly hosts: readonly string[]; readonly options: readonly string[] };
  readonly local: { readonly workers: number };
}

export interface Ec2Settings {
  /** null: what AWS_REGION or the profile says. */
  readonly region: string | null;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly image: string | null;
  readonly volume: Ec2Volume;
  /** Name or ARN. */
  readonly instanceProfile: string | null;
  readonly keyName: string | null;
  /** Per cent. */
  readonly spotShare: number;
  /** US dollars an hour, of one host. */
  readonly priceCap: number | null;
  /** Ask AWS for prices that `prices` does not have. */
  readonly fetchPrices: boolean;
  readonly launchTemplate: TemplateReference | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is null is left to the image, or to EC2. */
export interface Ec2Volume {
  readonly sizeGib: number | null;
  readonly type: string | null;
  readonly iops: number | null;
  /** MiB a second. */
  readonly throughput: number | null;
  readonly device: string | null;
}

export interface TemplateReference {
  /** `lt-…`, or a name. */
  readonly idOrName: string;
  /** A number, `$Latest` or `$Default`. */
  readonly version: string;
}
