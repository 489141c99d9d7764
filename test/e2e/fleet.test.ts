/** `replay hosts …` against a stand-in for EC2, through the real SDK of the built file. */
import { describe, expect, test } from 'vitest';
import { fleetScene } from './support/ec2.ts';

describe('hosts up, list and down', () => {
  test('launch, show and stop a fleet that is found by its tag', async () => {
    const { hosts, json, ec2 } = await fleetScene();
    const up = await hosts(['up', '3', '--yes']);
    expect(up).toMatchObject({ code: 0, stdout: expect.stringContaining('c7a.large in eu-west-1a') });
    expect(up.stderr).toContain('Launched 3 of 3 hosts.');
    expect(ec2.cloud.up).toHaveLength(3);
    for (const { tags } of ec2.cloud.up) {
      expect(tags.get('replay:fleet')).toBe('eos');
      expect(tags.get('replay:run')).toBe('1');
    }
    expect(ec2.cloud.templates).toEqual([]);

    const listed = await json(['list']);
    expect(listed).toMatchObject({ code: 0, fleet: 'eos', provider: 'ec2', orchestrator_asked: true });
    expect(listed['hosts']).toHaveLength(3);
    expect((listed['hosts'] as object[])[0]).toMatchObject({
      state: 'running',
      activity: 'booting',
      type: 'c7a.large',
      price_per_hour: 0.5,
      job_id: null,
    });
    const text = await hosts(['list']);
    expect(text.stdout).toContain('Fleet eos: 3 hosts, 0 at work, 0 idle, 3 booting; $1.50 an hour');

    const stranger = ec2.cloud.addInstance();
    const down = await hosts(['down', '--all', '--yes']);
    expect(down).toMatchObject({ code: 0 });
    expect(ec2.cloud.up).toEqual([stranger]);
    expect((await hosts(['list'])).stdout).toContain('The fleet eos has no hosts.');
  });

  test('say per zone what could not be had, and end with 8', async () => {
    const capacity = { 'eu-west-1a': 1, 'eu-west-1b': 1, 'eu-west-1c': 0 };
    const { hosts, ec2 } = await fleetScene({ ec2: { capacity } });
    const { code, stderr } = await hosts(['up', '4', '--yes']);
    expect(code).toBe(8);
    expect(stderr).toMatch(
      /eu-west-1a, c7a\.large: We currently do not have sufficient .*\(InsufficientInstanceCapacity\)/u,
    );
    expect(stderr).toContain('eu-west-1c, c7a.large');
    expect(stderr).toContain('Launched 2 of 4 hosts.');
    expect(ec2.cloud.up).toHaveLength(2);
  });

  test('leave nothing running when less than --at-least could be had', async () => {
    const capacity = { 'eu-west-1a': 1, 'eu-west-1b': 1, 'eu-west-1c': 0 };
    const { hosts, ec2 } = await fleetScene({ ec2: { capacity } });
    const { code, stderr } = await hosts(['up', '4', '--at-least', '3', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain('Stopped again: i-');
    expect(ec2.cloud.up).toEqual([]);
  });
});
