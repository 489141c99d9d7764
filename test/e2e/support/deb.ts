import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type StandInWrapper, wrapperScript } from '../../../src/nodeos/stand-in/wrapper.ts';
import { REPLAY } from './replay.ts';
import { RECORDED_HASHES, type Scene } from './scene.ts';

const run = promisify(execFile);

/**
 * Builds a Debian package with the stand-in in the place of nodeos; returns its path.
 * @param program path of `replay` where it will be installed
 */
export async function buildDeb(
  scene: Scene,
  file: string,
  version: string,
  { program = REPLAY, ...settings }: { program?: string } & Partial<StandInWrapper> = {},
): Promise<string> {
  const tree = scene.path('packages', `${file}.tree`);
  const command = [program, 'stand-in-nodeos'];
  // Elsewhere there is no table of them.
  const recorded = program === REPLAY ? { hashes: RECORDED_HASHES } : {};
  const script = wrapperScript({ command, version, ...recorded, ...settings });
  const nodeos = await scene.write(`${tree}/usr/bin/nodeos`, script);
  await chmod(nodeos, 0o755);
  await scene.write(
    `${tree}/DEBIAN/control`,
    `Package: nodeos-stand-in\nVersion: ${version}\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: test\n`,
  );
  const deb = scene.path('packages', file);
  await run('dpkg-deb', ['--root-owner-group', '-Znone', '-b', tree, deb]);
  return deb;
}
