/** From `replay hosts up` to the end of the machine: a real Debian with its cloud-init and its systemd. */
import { expect, test } from 'vitest';
import type { HostRecord } from '../../src/core/protocol/host-record.ts';
import type { SummaryRecord } from '../../src/core/protocol/summary-record.ts';
import { Scene } from '../e2e/support/scene.ts';
import { until } from '../e2e/support/until.ts';
import { beginningOf, emptyDisk, foreignDisk } from './support/disks.ts';
import { look } from './support/look.ts';
import { machineFleet } from './support/machine-fleet.ts';
import { patience } from './support/patience.ts';

const UNIT = 'replay-work';
const MAIN = `/proc/$(systemctl show -p MainPID --value ${UNIT})`;

/** Where files are that come from the user data; the program itself is left out. */
const PLACES = '/etc /run /var /tmp /usr/local /root /home /opt --exclude=replay';

test(
  'a machine boots, joins, verifies a job over the death of its worker, and switches itself off',
  async () => {
    const scene = await Scene.create();
    // The larger disk is somebody's.
    const foreign = await foreignDisk(scene, 'foreign', 12);
    const before = await beginningOf(foreign);
    const disks = [foreign, await emptyDisk(scene, 'empty', 10)];
    const fleet = await machineFleet({ scene, disks, work: { idle_timeout: '40s' }, blocksPerSecond: 100 });
    const { hosts, json, ask, ec2, theMachine, untilJob } = fleet;

    expect(await hosts(['up', '1', '--yes'])).toMatchObject({ code: 0 });
    const { machine, imds } = await theMachine();
    await untilJob('is being replayed', ({ status }) => status === 'WORKING');
    expect(imds.asked).toContain('GET /2021-03-23/user-data 200');
    await machine.read(`systemctl kill --kill-who=main --signal=KILL ${UNIT}`);
    const job = await untilJob('is verified', ({ verdict }) => verdict === 'VERIFIED');
    expect(job).toMatchObject({ status: 'COMPLETE', attempt: 2, nodeos_version: 'v1.2.2-stand-in' });

    const id = ec2.cloud.instances[0]!.id;
    expect((await json(['list']))['hosts']).toMatchObject([
      { id, state: 'running', activity: 'idle', price_per_hour: 0.5 },
    ]);
    // One host, which is the same as before it was killed.
    expect(await ask<HostRecord[]>('/hosts')).toMatchObject([{ instance_id: id, price_per_hour: 0.5 }]);

    const token = /^join_token='?(?<token>rpl_[\w-]+)/mu.exec(imds.others.get('user-data')!)!.groups![
      'token'
    ]!;
    const seen = await look(machine, {
      disk: 'findmnt -no FSTYPE,LABEL /var/lib/replay; stat -c "%U %a" /var/lib/replay',
      unit: `systemctl show -p User,NRestarts ${UNIT}`,
      process: `grep -hE '^(CapEff|CapBnd|NoNewPrivs):' ${MAIN}/status`,
      environment: `tr '\\0' '\\n' <${MAIN}/environ | sed 's/=.*//' | sort | xargs`,
      exposure: `systemd-analyze security ${UNIT}.service --no-pager | grep -o 'level for.*: [0-9.]*'`,
      journal: `journalctl -u ${UNIT} --no-pager -o cat`,
      failed: 'systemctl list-units --failed --no-legend',
      cloudInit: 'cat /var/log/cloud-init-output.log',
      logged: `(journalctl --no-pager; cat /var/log/*.log) | grep -c ${token}`,
      openToAll: `setpriv --reuid=nobody --regid=nogroup --clear-groups grep -rlsF ${token} ${PLACES} | wc -l`,
      mine: `grep -rlF ${token} ${PLACES} | xargs stat -c %a | sort -u | xargs`,
      joined: 'ls /var/lib/replay; stat -c "%U %a" /var/lib/replay/work/joined.json',
    });
    expect(seen).toMatchObject({
      disk: 'xfs    replay-data\nreplay 750',
      unit: 'NRestarts=1\nUser=replay',
      process: 'CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1',
      environment:
        'AWS_REGION HOME INVOCATION_ID JOURNAL_STREAM LANG LOGNAME PATH REPLAY_MAX_LIFETIME REPLAY_PRICE SYSTEMD_EXEC_PID USER',
      failed: '',
      journal: expect.stringContaining('job 1: blocks 1,000 to 2,000, attempt 2: complete'),
      cloudInit: expect.stringContaining('replay: this machine is ready'),
      logged: '0\nfailed with 1',
      openToAll: '0',
      // What cloud-init keeps of the user data, for root.
      mine: expect.stringMatching(/^[4-7]00(?: [4-7]00)*$/u),
      joined: 'work\nreplay 600',
    });
    expect(Number(/[\d.]+$/u.exec(seen.exposure)?.[0])).toBeLessThan(4);
    // What every process can read in the metadata service is of no use to it any more.
    expect(await fleet.join(token)).toBe(403);

    await until('the end of the machine', () => ec2.cloud.up.length === 0, patience(30));
    expect(ec2.cloud.instances).toMatchObject([
      { state: 'terminated', stateReason: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown' },
    ]);
    expect(await beginningOf(foreign)).toBe(before);
    expect((await json(['list']))['hosts']).toEqual([]);
    const all = (await json(['list', '--all']))['hosts'] as { cost_usd: number }[];
    expect(all).toMatchObject([{ id, state: 'ended' }]);
    const { cost } = await ask<SummaryRecord>('/summary');
    expect(cost?.usd).toBeGreaterThan(0);
    expect(all[0]!.cost_usd).toBeGreaterThanOrEqual(cost!.usd);
  },
  patience(150),
);
