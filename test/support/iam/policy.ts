/** A policy of IAM, as far as those of docs/aws.md go. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string | readonly string[]>> };
}

/** One thing that IAM is asked about; a request of EC2 asks about each resource that it touches. */
export interface Access {
  /** `ec2:RunInstances` */
  readonly action: string;
  /** ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  /** What conditions can look at: `aws:RequestTag/team`. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Whether a statement allows it, by IAM's rules for policies that allow: nothing is allowed unless action,
 * resource and every condition fit, and a condition about what the request does not have does not fit.
 */
export function isAllowed({ Statement }: Policy, access: Access): boolean {
  return Statement.some((statement) => fits(statement, access));
}

function fits(statement: Statement, { action, resource, context }: Access): boolean {
  const { Effect, Condition } = statement;
  const known = Effect === 'Allow' && Object.keys(Condition ?? {}).every((name) => name === 'StringEquals');
  if (!known) throw new Error(`${statement.Sid}: only Allow and StringEquals are known here`);
  return (
    listOf(statement.Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    listOf(statement.Resource).some((pattern) => matches(pattern, resource)) &&
    Object.entries(Condition?.StringEquals ?? {}).every(([key, values]) => {
      const value = context[key];
      return value !== undefined && listOf(values).includes(value);
    })
  );
}

export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** `*` is any text, as in IAM. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(text);
}
