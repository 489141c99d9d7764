/** An error as EC2 answers it. */
export class Ec2Fault extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What goes wrong with the next requests of an action; `times` unless said otherwise is 1. */
export type Trouble = { readonly times?: number } & (
  | { readonly kind: 'error'; readonly code: string; readonly message?: string; readonly status?: number }
  /** Carried out, and the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' }
  /** Not carried out, and the connection breaks. */
  | { readonly kind: 'lost-request' }
  /** Carried out; the answer is not what it should be: a part of it, or of somebody else. */
  | { readonly kind: 'changed-answer'; readonly change: (body: string) => string }
  /** Answered when the test says so. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
);

/** As AWS words it when a policy does not allow an action. @param action `ec2:RunInstances` */
export function notAllowed(action: string, resource = 'arn:aws:ec2:eu-west-1:123456789012:*/*'): Ec2Fault {
  const [service, name = ''] = action.split(':');
  if (service === 'pricing') {
    return new Ec2Fault(
      'AccessDeniedException',
      `User: arn:aws:iam::123456789012:user/tester is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
    );
  }
  return new Ec2Fault(
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/tester is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action. Encoded authorization failure message: ENCODED-${name}`,
    403,
  );
}
