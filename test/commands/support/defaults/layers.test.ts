import { describe, expect, test } from 'vitest';
import { dropContradicted, withFileDefaults } from '../../../../src/commands/support/defaults/apply.ts';
import { readEntries } from '../../../../src/commands/support/defaults/entries.ts';
import { settingsOf } from '../../../../src/commands/support/defaults/layers.ts';
import type { DefaultsFile } from '../../../../src/commands/support/defaults/load.ts';

const parse = async (text: string): Promise<string> => text;
const FLAGS = {
  orchestrator: { type: 'option', env: 'ORCHESTRATOR', default: 'built in', parse },
  token: { type: 'option', env: 'TOKEN', parse },
  'token-file': { type: 'option', env: 'TOKEN_FILE', helpValue: 'FILE', parse },
  format: { type: 'option', options: ['text', 'html'], parse },
  json: { type: 'boolean' },
  once: { type: 'boolean', exclusive: ['drained'] },
  drained: { type: 'boolean' },
};

function file(text: object, path = '/user/config.json'): DefaultsFile {
  return { path, scope: 'user', state: 'read', entries: readEntries(JSON.stringify(text)).entries };
}

function settings(files: readonly DefaultsFile[], environment: Record<string, string> = {}) {
  const all = settingsOf('jobs retry', FLAGS, files, environment);
  return Object.fromEntries([...all].map(([name, { value }]) => [name, value]));
}

describe('a flag that is not typed', () => {
  test('is what is built in when nothing else is said', () => {
    expect(settings([])).toEqual({ orchestrator: 'built in' });
  });

  test('comes from the environment, then the user, then the machine', () => {
    const user = file({ orchestrator: 'user' });
    const system = file({ orchestrator: 'system', json: true }, '/etc/config.json');
    expect(settings([system])).toMatchObject({ orchestrator: 'system', json: true });
    expect(settings([user, system])).toMatchObject({ orchestrator: 'user', json: true });
    expect(settings([user, system], { ORCHESTRATOR: 'env' })).toMatchObject({ orchestrator: 'env' });
    expect(settings([user], { ORCHESTRATOR: '' })).toMatchObject({ orchestrator: 'user' });
  });

  test('comes from its command, then from its topic, then from the top', () => {
    const top = { orchestrator: 'top' };
    const topic = { jobs: { orchestrator: 'topic' } };
    const command = { 'jobs retry': { orchestrator: 'command' } };
    expect(settings([file({ ...top, ...topic, ...command })])).toMatchObject({ orchestrator: 'command' });
    expect(settings([file({ ...top, ...topic })])).toMatchObject({ orchestrator: 'topic' });
    expect(settings([file({ ...top, 'jobs logs': { orchestrator: 'x' } })])).toMatchObject({
      orchestrator: 'top',
    });
  });

  test('is left out when something that counts more says the opposite', () => {
    expect(settings([file({ 'token-file': 'f' })], { TOKEN: 't' })).toMatchObject({ token: 't' });
    expect(settings([file({ 'token-file': 'f' })], { TOKEN: 't' })).not.toHaveProperty('token-file');
    expect(settings([file({ json: true, 'jobs retry': { format: 'html' } })])).not.toHaveProperty('json');
    expect(settings([file({ json: false }), file({ format: 'html' })])).toMatchObject({ format: 'html' });
  });

  test('tells where it comes from', () => {
    const all = settingsOf('jobs retry', FLAGS, [file({ json: true })], { TOKEN: 't' });
    expect(all.get('json')).toMatchObject({ source: 'file', place: '/user/config.json:1:2' });
    expect(all.get('token')).toMatchObject({ source: 'environment', place: 'TOKEN' });
    expect(all.get('orchestrator')).toMatchObject({ source: 'built-in', place: null });
  });
});

describe('what oclif is handed', () => {
  test('has paths that are relative to the file, and switches that can be switched off', async () => {
    const given = settingsOf('jobs retry', FLAGS, [file({ 'token-file': '../t', json: true })], {});
    expect(await withFileDefaults(FLAGS, given)).toMatchObject({
      'token-file': { default: '/t' },
      json: { default: true, allowNo: true },
      orchestrator: { default: 'built in' },
    });
  });

  test.each<[object, string, string]>([
    [{ 'token-file': 'f' }, 'token', 'token-file'],
    [{ format: 'html' }, 'json', 'format'],
    [{ drained: true }, 'once', 'drained'],
    [{ once: true }, 'drained', 'once'],
  ])('loses %j when --%s is typed', (text, typed, dropped) => {
    const given = settingsOf('jobs retry', FLAGS, [file(text)], {});
    const parsed = {
      flags: { [typed]: true, [dropped]: 'of the file', orchestrator: 'built in' },
      metadata: { flags: { [dropped]: { setFromDefault: true }, orchestrator: { setFromDefault: true } } },
    };
    dropContradicted(parsed, FLAGS, given);
    expect(parsed.flags).toEqual({ [typed]: true, orchestrator: 'built in' });
  });
});
