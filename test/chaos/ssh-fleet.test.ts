/** `replay hosts` with a machine that is reached by ssh: a real sshd, in a Debian whose systemd is played. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import { writeStandInWrapper } from '../../src/nodeos/stand-in/wrapper.ts';
import { freePort } from '../e2e/support/ports.ts';
import { untilJob } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { until } from '../e2e/support/until.ts';
import { DebianRoot } from './support/debian-root.ts';

/** Starts and ends the commands of a unit, as its user. */
const SYSTEMCTL = `unit=\${!#}; file=/etc/systemd/system/$unit; pid=/run/$unit.pid
value() { sed -n "s/^$1=//p" "$file"; }
alive() { [ -e "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null; }
case "$1" in
  is-active) if alive; then echo active; else echo inactive; exit 3; fi ;;
  restart)
    user=$(value User) before=$(value ExecStartPre) more=$(value EnvironmentFile)
    \${before#-+}
    setsid setpriv --reuid="$user" --regid="$user" --clear-groups env -i -C "$(value WorkingDirectory)" $(value Environment) $(cat "\${more#-}") sh -c "exec $(value ExecStart)" >/run/worker.log 2>&1 &
    echo $! >"$pid" ;;
  stop) if alive; then kill "$(cat "$pid")"; while alive; do sleep 0.05; done; fi; rm -f "$pid" ;;
esac`;

async function machine({ systemd = true, work = {}, blocksPerSecond = 10 } = {}) {
  const scene = await Scene.create();
  const root = await DebianRoot.create(scene, { systemctl: SYSTEMCTL });
  const port = await freePort();
  for (const name of ['host', 'mine']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', scene.path('inside', name)]);
  }
  await root.run(['mkdir', '-p', '/run/sshd', ...(systemd ? ['/run/systemd/system'] : [])]);
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: scene.path('inside/host'),
    AuthorizedKeysFile: scene.path('inside/mine.pub'),
    StrictModes: 'no',
    UsePAM: 'no',
    PermitRootLogin: 'yes',
    PidFile: 'none',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const [program, ...words] = [...root.under, '/usr/sbin/sshd', '-f', '/dev/null', '-D', '-e', ...options];
  const sshd: ChildProcess = spawn(program!, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  scene.onEnd(async () => {
    const ended = once(sshd, 'exit');
    if (sshd.kill()) await ended;
  });
  let said = '';
  sshd.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until('sshd', () => said.includes('Server listening'));

  const shape = { blocksPerSlice: 1000, stride: 1000, version: '1.2.2', fromGenesis: false };
  const chain = await writeSampleChain({ folder: `${root.inside}/chain`, slices: 1, ...shape });
  const nodeos = await writeStandInWrapper(`${root.inside}/bin`, {
    command: ['/opt/replay/rack/replay', 'stand-in-nodeos'],
    version: '1.2.2',
    blocksPerSecond,
  });
  await root.run(['chmod', 'a+rx', root.inside]);
  await root.run(['chmod', '-R', 'a+rX', `${root.inside}/chain`, `${root.inside}/bin`]);
  const serve = (port = 0) => scene.serve(chain.manifestPath, ['--allowed-host', '0.0.0.0'], { port });
  const orchestrator = await serve();
  const { url } = orchestrator;
  const target = `ssh://root@127.0.0.1:${port}`;
  const ssh = [
    '-F/dev/null',
    `-i${scene.path('inside/mine')}`,
    `-oUserKnownHostsFile=${scene.path('known')}`,
    '-oStrictHostKeyChecking=accept-new',
  ];
  await scene.write(
    'fleet.json',
    JSON.stringify({
      name: 'rack',
      provider: 'ssh',
      // The test's own machine is meant, under a name that is not loopback for the settings.
      orchestrator: url.replace('127.0.0.1', '0.0.0.0'),
      ssh: { hosts: [target], options: ssh },
      work: { ...work, flags: [`--nodeos=${nodeos}`, '--min-free-disk=0', '--progress-interval=1'] },
      prices: { ssh: 0.05 },
    }),
  );
  const env = { REPLAY_ORCHESTRATOR: url, REPLAY_STATE_DIR: scene.path('state') };
  const hosts = (args: readonly string[]) => scene.run(['hosts', ...args], { env });
  const traces = async () =>
    (
      await root.run([
        'sh',
        '-c',
        'ls -d /opt/replay /var/lib/replay* /etc/systemd/system/replay*; getent passwd replay',
      ])
    ).output
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('ls: '));
  return { scene, root, url, orchestrator, serve, target, hosts, traces };
}

/** Whole programs, and copies of one, on two busy cores. */
const TIMEOUT_MS = 180_000;

describe('a machine that is reached by ssh', { timeout: TIMEOUT_MS }, () => {
  test('gets the program once, works, and is left as it was', async () => {
    const { root, url, target, hosts, traces } = await machine();
    const up = await hosts(['up', '1', '--yes']);
    expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('Launched 1 of 1 host')]);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    const again = await hosts(['up', '1', '--yes']);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('none is left')]);
    const listed = JSON.parse((await hosts(['list', '--json'])).stdout) as { hosts: object[] };
    expect(listed.hosts).toMatchObject([
      { id: `${target}#1`, state: 'running', activity: 'at-work', price_per_hour: 0.05 },
    ]);
    expect(await traces()).toEqual([
      '/etc/systemd/system/replay-rack.service',
      '/opt/replay',
      '/var/lib/replay-rack',
      expect.stringMatching(/^replay:/),
    ]);

    expect(await hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0, stdout: `${target}#1\n` });
    await untilJob(url, 1, 'was given back', (job) => job.error_cause === 'interrupted');
    expect(await traces()).toEqual([]);
    expect((await root.read('/run/worker.log')).length).toBeGreaterThan(0);
  });

  test('has a worker for as long as it may live, however often that is started, and then a new one', async () => {
    const { root, url, target, hosts } = await machine({ work: { max_lifetime: '4s' } });
    const state = async () => {
      const listed = JSON.parse((await hosts(['list', '--all', '--json'])).stdout) as {
        hosts: { id: string; state: string }[];
      };
      return listed.hosts.map((host) => `${host.id} ${host.state}`).join();
    };
    const start = ['/usr/bin/systemctl', 'restart', 'replay-rack.service'];
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    await untilJob(url, 1, 'was given back', (job) => job.error_cause === 'interrupted');
    await until('the end of the worker', async () => (await state()) === `${target}#1 ended`);
    // As at a boot: its time is over all the same.
    await root.run(start);
    await until('the end of the worker', async () => (await state()) === `${target}#1 ended`);
    expect(await root.read('/run/worker.log')).toContain('this worker has lived for 1 s');

    // Without work since the boot of this machine: that is not the next one's time.
    const boot = (await root.read('/proc/sys/kernel/random/boot_id')).trim();
    const idle = JSON.stringify({ bootId: boot, seconds: 0 });
    await root.run(['sh', '-c', `echo '${idle}' >/var/lib/replay-rack/work/idle-since.json`]);
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    expect(await hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0, stdout: `${target}#1\n` });
  });

  test('keeps a finished result that the orchestrator did not take, for the next worker to deliver', async () => {
    const { root, url, target, hosts, traces, orchestrator, serve } = await machine({ blocksPerSecond: 500 });
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await untilJob(url, 1, 'is being replayed', ({ status }) => status === 'WORKING');
    orchestrator.running.kill('SIGKILL');
    await orchestrator.running.finished;
    const note = '/var/lib/replay-rack/work/held-job.json';
    await until('the result', async () => (await root.read(note)).includes('COMPLETE'));
    for (const _ of ['once', 'and again']) {
      const down = await hosts(['down', '--all', '--yes']);
      expect([down.code, down.stderr]).toEqual([8, expect.stringContaining('in /var/lib/replay-rack/work')]);
    }
    expect(await traces()).toEqual([
      '/opt/replay',
      '/var/lib/replay-rack',
      expect.stringMatching(/^replay:/),
    ]);

    await serve(orchestrator.port);
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await untilJob(url, 1, 'is done', ({ status }) => status === 'COMPLETE');
    expect(await hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0, stdout: `${target}#1\n` });
    expect(await traces()).toEqual([]);
  });

  test('loses such a result only when that is said', async () => {
    const { root, hosts, traces } = await machine({ work: { max_lifetime: '1s' } });
    expect((await hosts(['up', '1', '--yes'])).code).toBe(0);
    await until('the end of the worker', async () =>
      (await hosts(['list', '--all'])).stdout.includes('ended'),
    );
    const held = JSON.stringify({ jobId: 1, etag: 'x', attempt: 1, result: { status: 'COMPLETE' } }, null, 2);
    await root.run(['sh', '-c', `echo '${held}' >/var/lib/replay-rack/work/held-job.json`]);
    expect((await hosts(['down', '--all', '--yes'])).code).toBe(8);
    expect((await hosts(['down', '--all', '--force', '--yes'])).code).toBe(0);
    expect(await traces()).toEqual([]);
  });

  test('is left as it was, too, when something fails on the way', async () => {
    const { hosts, traces } = await machine({ systemd: false });
    const up = await hosts(['up', '1', '--yes']);
    expect([up.code, up.stderr]).toEqual([1, expect.stringContaining('this machine does not run systemd')]);
    expect(await traces()).toEqual([]);
  });

  test('may be named by a list of its own, of which all mistakes are told', async () => {
    const { scene, hosts, target } = await machine();
    const list = await scene.write('rack.txt', `# upper\n${target}\n`);
    const settings = JSON.parse(await readFile(scene.path('fleet.json'), 'utf8')) as {
      ssh: { hosts: string[] };
    };
    settings.ssh.hosts = ['nobody@0.0.0.1'];
    await scene.write('fleet.json', JSON.stringify(settings));
    expect((await hosts(['up', '1', '--yes', '--hosts-file', list])).code).toBe(0);
    expect((await hosts(['list', '--hosts-file', list])).stdout).toContain(`${target}#1`);
    expect((await hosts(['down', '--all', '--yes', '--hosts-file', list])).code).toBe(0);

    await scene.write('rack.txt', `${target}\n-x\n\n${target} again\n${target}\n`);
    const wrong = await hosts(['list', '--hosts-file', list]);
    expect(wrong.code).toBe(3);
    for (const line of [2, 4, 5]) expect(wrong.stderr).toContain(`rack.txt:${line}: `);
    const gone = await hosts(['list', '--hosts-file', scene.path('gone')]);
    expect(gone).toMatchObject({ code: 3, stderr: expect.stringContaining('(HOSTS_FILE_UNREADABLE)') });
  });

  test('that cannot be reached is told in the words of ssh, and is not forgotten', async () => {
    const { scene, hosts, target } = await machine();
    const settings = {
      name: 'rack',
      provider: 'ssh',
      orchestrator: 'http://0.0.0.0:1',
      ssh: { hosts: [target], options: ['-F', '/dev/null', '-o', 'ProxyCommand=false'] },
    };
    await scene.write('fleet.json', JSON.stringify(settings));
    const up = await hosts(['up', '1', '--yes']);
    expect([up.code, up.stderr]).toEqual([1, expect.stringContaining('Connection closed')]);
    const down = await hosts(['down', '--all', '--yes']);
    expect([down.code, down.stderr]).toEqual([1, expect.stringContaining('could not be stopped')]);
  });
});
