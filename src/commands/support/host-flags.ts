import { Flags } from '@oclif/core';

export const GIB = 1024 ** 3;

/** What says how a replay host gets nodeos and room; `work` acts on it, `doctor` looks at it. */
export const hostFlags = {
  nodeos: Flags.string({
    description: 'use this nodeos and install none',
    env: 'REPLAY_NODEOS',
    helpValue: 'PATH',
  }),
  'min-free-disk': Flags.integer({
    description: 'GiB that must be free in the data directory before a job is taken',
    env: 'REPLAY_MIN_FREE_DISK',
    helpValue: 'GIB',
    default: 40,
    min: 0,
  }),
  'deb-url': Flags.string({
    description: 'where .deb packages come from, with {version}, {product} and {file} in it',
    env: 'REPLAY_DEB_URL',
    helpValue: 'TEMPLATE',
  }),
};
