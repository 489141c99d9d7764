import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import type { FetchDeb } from '../../../src/nodeos/install/install.ts';

const run = promisify(execFile);

export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-install-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A program in the place of nodeos. */
export async function program(path: string, script: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** What real ones do: Spring also logs a line on stderr. */
export const saying = (version: string) =>
  `echo "info  2026-11-22T11:17:38.851 nodeos started" >&2\necho ${version}`;

export interface DebOptions {
  /** Path of the program in the package. */
  at?: string;
  depends?: string;
}

/** Builds a real package with one script in it. */
export async function buildDeb(script: string, options: DebOptions = {}): Promise<string> {
  const folder = await scratch();
  const tree = join(folder, 'tree');
  await program(join(tree, options.at ?? 'usr/bin/nodeos'), script);
  await mkdir(join(tree, 'DEBIAN'));
  const depends = options.depends ? `Depends: ${options.depends}\n` : '';
  const control = `Package: nodeos-test\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\n${depends}Description: test\n`;
  await writeFile(join(tree, 'DEBIAN', 'control'), control);
  const deb = join(folder, 'nodeos.deb');
  await run('dpkg-deb', ['--root-owner-group', '-Znone', '-b', tree, deb]);
  return deb;
}

/** Delivers one file for every address, and remembers what was asked for. */
export function delivering(deb: string): FetchDeb & { asked: string[] } {
  const asked: string[] = [];
  return Object.assign(
    async ({ from, to }: { from: string; to: string }) => {
      asked.push(from);
      await copyFile(deb, to);
    },
    { asked },
  );
}
