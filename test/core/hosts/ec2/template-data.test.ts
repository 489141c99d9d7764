import { describe, expect, test } from 'vitest';
import {
  templateData,
  templateName,
  type TemplateParts,
} from '../../../../src/core/hosts/ec2/template-data.ts';
import { someEc2 } from '../support/settings.ts';

function data(fields: Partial<TemplateParts> = {}) {
  const tags = { fleet: 'eos', run: null, launchToken: 't', orchestrator: null, own: {} };
  const parts = { settings: someEc2(), base: null, device: '/dev/xvda', userData: '#!/bin/sh\n', tags };
  return templateData({ ...parts, ...fields });
}

test('a host that switches itself off is gone, with its disk, and metadata need a session', () => {
  const volume = { sizeGib: 200, type: null, iops: 4000, throughput: null, device: null };
  const made = data({ settings: someEc2({ volume }) });
  expect(made).toMatchObject({
    InstanceInitiatedShutdownBehavior: 'terminate',
    MetadataOptions: { HttpTokens: 'required' },
    UserData: Buffer.from('#!/bin/sh\n').toString('base64'),
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: { VolumeSize: 200, VolumeType: 'gp3', Iops: 4000, DeleteOnTermination: true },
      },
    ],
  });
  expect(made.TagSpecifications?.map(({ ResourceType }) => ResourceType)).toEqual(['instance', 'volume']);
});

describe('a launch template of the user', () => {
  test('says what the settings do not', () => {
    const base = { ImageId: 'ami-1', KeyName: 'k', EbsOptimized: true, UserData: 'b2xk' };
    const made = data({ base, settings: someEc2({ image: null }) });
    expect(made).toMatchObject({ ImageId: 'ami-1', KeyName: 'k', EbsOptimized: true });
    expect(made.UserData).not.toBe('b2xk');
  });

  test('with network interfaces gets its groups there', () => {
    const base = { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }] };
    const made = data({ base });
    expect(made.SecurityGroupIds).toBeUndefined();
    expect(made.NetworkInterfaces).toEqual([
      { DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: ['sg-0000000a'] },
    ]);
  });

  test('keeps its other disks, and what it says of the same one', () => {
    const volume = { sizeGib: 300, type: null, iops: null, throughput: null, device: null };
    const base = {
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 8 } },
        { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 10 } },
      ],
    };
    expect(data({ base, settings: someEc2({ volume }) }).BlockDeviceMappings).toEqual([
      { DeviceName: '/dev/sdb', Ebs: { VolumeSize: 10 } },
      {
        DeviceName: '/dev/xvda',
        Ebs: { Encrypted: true, VolumeSize: 300, VolumeType: 'gp3', DeleteOnTermination: true },
      },
    ]);
  });
});

test('the name follows from the content', () => {
  expect(templateName('eos', data())).toBe(templateName('eos', data()));
  expect(templateName('eos', data())).not.toBe(templateName('eos', data({ userData: 'other' })));
  expect(templateName('eos', data())).toMatch(/^replay-eos-[0-9a-f]{20}$/u);
});
