import { redact } from '../log/redact.ts';
import type { ArchiveFile, EvidenceOfJob } from './evidence.ts';
import { commandsScript, USUAL_CONFIG } from './commands-script.ts';
import { hashesOf } from './hashes.ts';
import { manifestSlice } from './manifest-slice.ts';
import { maskJob } from './mask.ts';
import { readme } from './readme.ts';

/** The files that a developer needs to repeat an attempt. Pure: the same input gives the same files. */
export function evidenceFiles(input: EvidenceOfJob): ArchiveFile[] {
  const { attempt, evidence, logs } = input;
  const job = maskJob(input.job);
  const told = evidence.get(attempt) ?? null;
  const configOf = (purpose: 'replay' | 'read-only'): string | null =>
    told?.commands.find((command) => command.purpose === purpose)?.config_ini ?? null;
  const readOnly = configOf('read-only');
  return [
    { name: 'README.md', content: readme(input) },
    { name: 'commands.sh', content: commandsScript(input.job, attempt, told), executable: true },
    { name: 'config.ini', content: configOf('replay') ?? USUAL_CONFIG },
    ...(readOnly === null ? [] : [{ name: 'config-read-only.ini', content: readOnly }]),
    { name: 'manifest.json', content: json([manifestSlice(input.job)], 4) },
    { name: 'job.json', content: json(job) },
    { name: 'hashes.json', content: json(redact(hashesOf(input))) },
    ...job.attempts.flatMap((record) => {
      const folder = `attempts/${record.number}`;
      const log = logs.get(record.number);
      const own = evidence.get(record.number);
      return [
        { name: `${folder}/record.json`, content: json(record) },
        ...(log === undefined ? [] : [{ name: `${folder}/nodeos.log`, content: redact(log) as string }]),
        ...(own === undefined ? [] : [{ name: `${folder}/evidence.json`, content: json(redact(own)) }]),
      ];
    }),
  ];
}

function json(value: unknown, indent = 2): string {
  return `${JSON.stringify(value, null, indent)}\n`;
}
