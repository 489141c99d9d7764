import { accessesOf, type Known, type Run, runAccesses } from '../iam/ec2-accesses.ts';
import { type Access, isAllowed, type Policy } from '../iam/policy.ts';
import { type Ec2Fault, notAllowed } from './ec2-fault.ts';
import type { Params } from './params.ts';

/** Asks IAM, as EC2 does before it carries anything out: the caller has one policy, or may do everything. */
export class Guard {
  /** What it was asked about, oldest first. */
  readonly asked: Access[] = [];
  readonly #policy: Policy | undefined;
  readonly #tagsOf: Known['tagsOf'];

  constructor(policy: Policy | undefined, tagsOf: Known['tagsOf']) {
    this.#policy = policy;
    this.#tagsOf = tagsOf;
  }

  /** @returns null when the caller may */
  request(action: string, params: Params, region: string): Ec2Fault | null {
    return this.#refusal(accessesOf(action, params, { region, tagsOf: this.#tagsOf }));
  }

  /** One instance of a fleet, which is run with the rights of whoever asked for the fleet. */
  run(run: Run, region: string): Ec2Fault | null {
    return this.#refusal(runAccesses(run, { region, tagsOf: this.#tagsOf }));
  }

  #refusal(accesses: readonly Access[]): Ec2Fault | null {
    this.asked.push(...accesses);
    const policy = this.#policy;
    const refused = policy === undefined ? undefined : accesses.find((one) => !isAllowed(policy, one));
    return refused === undefined ? null : notAllowed(refused.action, refused.resource);
  }
}
