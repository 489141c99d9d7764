import { readFile } from 'node:fs/promises';
import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { FORMS, type Form } from '../../core/notify/message.ts';
import { parseTarget, shownUrl, type Target } from '../../core/notify/target.ts';
import type { NotifyOptions } from '../../core/orchestrator/notifications.ts';

/** Who is told. */
export const targetFlags = {
  notify: Flags.string({
    description:
      'URL that is told of mismatches, failures, the end of the run and more (repeatable); the process list of this machine shows it, so rather use --notify-file',
    env: 'REPLAY_NOTIFY',
    helpValue: 'URL',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'notify-file': Flags.string({
    description: 'file with such URLs, one a line; lines that begin with # are comments',
    env: 'REPLAY_NOTIFY_FILE',
    helpValue: 'FILE',
  }),
  'notify-form': Flags.option({
    options: FORMS,
    description: 'form of what is sent. Unless set: slack for URLs of Slack and those that take its form',
    env: 'REPLAY_NOTIFY_FORM',
  })(),
};

/** What is told by the orchestrator beyond what happens to jobs. */
export const serveNotifyFlags = {
  ...targetFlags,
  'notify-idle': Flags.integer({
    description: 'seconds in which jobs wait and no host works, after which that is told',
    env: 'REPLAY_NOTIFY_IDLE',
    helpValue: 'SECONDS',
    default: 900,
    min: 1,
    max: 604_800,
  }),
  'public-url': Flags.string({
    description: 'how people reach this orchestrator; notifications then have links to its pages',
    env: 'REPLAY_PUBLIC_URL',
    helpValue: 'URL',
  }),
};

interface TargetFlags {
  notify?: string[] | string | undefined;
  'notify-file'?: string | undefined;
  'notify-form'?: Form | undefined;
}

interface ServeNotifyFlags extends TargetFlags {
  'notify-idle': number;
  'public-url'?: string | undefined;
}

/** @throws UserError for a URL that cannot be used, or a file that cannot be read */
export async function serveNotify(
  flags: ServeNotifyFlags,
  version: string,
): Promise<{ notify: NotifyOptions }> {
  const publicUrl = flags['public-url'];
  return {
    notify: {
      targets: await readTargets(flags),
      idleSeconds: flags['notify-idle'],
      publicUrl: publicUrl === undefined ? null : checkPublicUrl(publicUrl),
      userAgent: userAgent(version),
    },
  };
}

export function userAgent(version: string): string {
  return `replay/${version}`;
}

/**
 * The targets that were given, each once. They are removed from our environment, and what is said of one
 * that cannot be used does not show it.
 * @throws UserError
 */
export async function readTargets(flags: TargetFlags): Promise<Target[]> {
  delete process.env['REPLAY_NOTIFY'];
  const form = flags['notify-form'] ?? null;
  const file = flags['notify-file'];
  const given = urlsOf(flags.notify).map((text) => ({ text, where: '--notify' }));
  const all = [...given, ...(file === undefined ? [] : await readUrlFile(file))];
  const targets = all.map(({ text, where }) => readTarget(text, where, form));
  return [...new Map(targets.map((target) => [target.key, target])).values()];
}

/** From the environment comes one text. A comma may belong to a URL, unless another one follows it. */
function urlsOf(value: readonly string[] | string | undefined): string[] {
  const texts = typeof value === 'string' ? [value] : (value ?? []);
  return texts.flatMap((text) => text.split(/\s+|,\s*(?=[a-z]+:\/\/)/iu)).flatMap((text) => text || []);
}

async function readUrlFile(file: string): Promise<{ text: string; where: string }[]> {
  const content = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UserError({
      code: 'NOTIFY_FILE_UNREADABLE',
      message: `The file of --notify-file cannot be read: ${error.message}`,
      hint: 'It contains one URL a line.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  });
  const lines = content
    .split('\n')
    .map((line, at) => ({ text: line.trim(), where: `${file}, line ${at + 1}` }));
  return lines.filter(({ text }) => text !== '' && !text.startsWith('#'));
}

function readTarget(text: string, where: string, form: Form | null): Target {
  const target = parseTarget(text, form);
  if (typeof target !== 'string') return target;
  throw new UserError({
    code: 'NOTIFY_URL',
    message: `${where}: ${shownUrl(text)} cannot be told: ${target}.`,
    hint: 'Give the whole URL of the webhook, such as https://hooks.example.com/…. It is not shown here because it may contain a secret.',
    exitCode: where === '--notify' ? ExitCode.usage : ExitCode.invalidInput,
  });
}

function checkPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url !== null && url.username === '' && url.password === '' && url.search + url.hash === '';
  if (plain && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href.replace(/\/+$/u, '');
  throw new UserError({
    code: 'PUBLIC_URL',
    message: `--public-url ${shownUrl(text)} cannot be used: it has to be http:// or https://, without user, password, query and fragment.`,
    hint: 'Such as https://replay.example.com.',
    exitCode: ExitCode.usage,
  });
}
