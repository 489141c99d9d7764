/** Files with defaults, as the built file takes them. */
import { chmod } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import surface from '../../oclif.manifest.json' with { type: 'json' };
import { realSlices, writeManifest } from './support/chains.ts';
import { Scene } from './support/scene.ts';

/** Writes the user's file; returns the environment in which it is that. */
async function userFile(scene: Scene, content: string): Promise<Record<string, string>> {
  await scene.write('home/.config/replay/config.json', content);
  return { HOME: scene.path('home') };
}

const shown = (stdout: string): { flag: string; command: string; value: unknown; place: string | null }[] =>
  (JSON.parse(stdout) as { values: never[] }).values;

describe('a file with defaults', () => {
  test('counts less than the environment, and that less than the command line', async () => {
    const scene = await Scene.create();
    await writeManifest(scene.path('manifest.json'), realSlices('spring'));
    const { url } = await scene.serve('manifest.json');
    const nowhere = '127.0.0.1:1';
    const env = await userFile(scene, `{"orchestrator": "${url}"}`);
    expect((await scene.run(['status'], { env })).code).toBe(0);
    const variable = { env: { ...env, REPLAY_ORCHESTRATOR: nowhere } };
    expect((await scene.run(['status'], variable)).code).toBe(5);
    expect((await scene.run(['status', '--orchestrator', url], variable)).code).toBe(0);
    expect((await scene.run(['status'], { env: { ...env, REPLAY_DEFAULTS: '/dev/null' } })).code).toBe(5);
  });

  test('can hold what is required, with paths relative to itself', async () => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"serve": {"config": "nowhere.json"}}');
    const { code, stderr } = await scene.run(['serve'], { env });
    expect(code).toBe(3);
    expect(stderr).toContain(scene.path('home/.config/replay/nowhere.json'));
  });

  test('yields to what is typed', async () => {
    const scene = await Scene.create();
    const token = await scene.write('token', 'two words');
    const env = await userFile(
      scene,
      '{"report": {"format": "html"}, "token-file": "/nowhere", "json": true}',
    );
    const asked = await scene.run(['report', '--token', 'abc', '--json'], { env });
    expect(asked.code).toBe(5);
    expect(JSON.parse(asked.stdout)).toMatchObject({ error: { code: 'ORCHESTRATOR_UNREACHABLE' } });
    const named = await scene.run(['status', '--token-file', token, '--no-json'], { env });
    expect(named.stderr).toContain('TOKEN_MALFORMED');
  });

  test('that is wrong stops every command, with all mistakes and their places', async () => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"orchestator": "x",\n "serve": {"port": 70000}}');
    const { code, stdout, stderr } = await scene.run(['status'], { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(
      /config\.json:1:2: .*did you mean "orchestrator"\?\n.*config\.json:2:12: serve, port: /u,
    );
  });

  test('that was named has to be there', async () => {
    const scene = await Scene.create();
    const { code, stderr } = await scene.run(['status'], { env: { REPLAY_DEFAULTS: 'nowhere.json' } });
    expect(code).toBe(3);
    expect(stderr).toContain('DEFAULTS_UNREADABLE');
  });

  test('with a token is refused when others can read it', async () => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"token": "a-token-that-is-long-enough"}');
    const open = await scene.run(['status'], { env });
    expect(open.code).toBe(3);
    expect(open.stderr).toContain('chmod 600');
    expect(open.stderr).not.toContain('long-enough');
    await chmod(scene.path('home/.config/replay/config.json'), 0o600);
    expect((await scene.run(['status'], { env })).code).toBe(5);
    expect((await scene.run(['config', 'status'], { env })).stdout).toMatch(/^token +\*\*\* /mu);
  });

  test('does not reach a rehearsal', async () => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"work": {"once": true}, "serve": {"max-connections": 1}}');
    const { code, stderr } = await scene.run(['demo', '--slices', '2', '--workers', '1'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('replay config', () => {
  test('shows each value and where it comes from', async () => {
    const scene = await Scene.create();
    const home = await userFile(scene, '{"orchestrator": "10.0.0.5",\n "serve": {"data-dir": "data"}}');
    const env = { ...home, REPLAY_PORT: '4001', REPLAY_TOKEN: 'a-token' };
    const file = scene.path('home/.config/replay/config.json');
    const set = await scene.run(['config', '--json'], { env });
    expect(shown(set.stdout)).toContainEqual(
      expect.objectContaining({
        command: 'status',
        flag: 'orchestrator',
        value: '10.0.0.5',
        place: `${file}:1:2`,
      }),
    );
    const serve = shown((await scene.run(['config', 'serve', '--json'], { env })).stdout);
    const byFlag = Object.fromEntries(serve.map(({ flag, value, place }) => [flag, [value, place]]));
    expect(byFlag).toMatchObject({
      'data-dir': [scene.path('home/.config/replay/data'), `${file}:2:12`],
      port: ['4001', 'REPLAY_PORT'],
      host: ['127.0.0.1', null],
      token: ['***', 'REPLAY_TOKEN'],
    });
    const text = await scene.run(['config', 'serve'], { env });
    expect(text.stdout).toMatch(/^port +4001 +REPLAY_PORT +serve$/mu);
    expect(text.stdout + set.stdout).not.toContain('a-token');
  });

  test('says which files there are when nothing is set', async () => {
    const scene = await Scene.create();
    const { code, stdout } = await scene.run(['config'], { env: { HOME: scene.path('home') } });
    expect(code).toBe(0);
    expect(stdout).toContain(`${scene.path('home/.config/replay/config.json')} (not there)`);
    expect(stdout).toContain('Nothing is set');
  });

  test('of a command that is not there names the one that was meant', async () => {
    const scene = await Scene.create();
    const { code, stderr } = await scene.run(['config', 'jobs', 'rety']);
    expect(code).toBe(2);
    expect(stderr).toContain('`replay jobs retry`');
  });
});

describe('an error is one for programs when a file says so', () => {
  const takeJson = Object.entries(surface.commands).filter(([, { flags }]) => 'json' in flags);

  test.each(takeJson)('of %s', async (id) => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"json": true}');
    const { code, stdout } = await scene.run([...id.split(':'), '--frobnicate'], { env });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'USAGE' } });
  });

  test.each(takeJson)('of %s, also when the file itself is wrong', async (id) => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"json": true, "tokn": "x"}');
    const { code, stdout } = await scene.run(id.split(':'), { env });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'DEFAULTS_INVALID' } });
  });

  test('of a command that is not there, and not of one that knows no JSON', async () => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"json": true}');
    expect(JSON.parse((await scene.run(['statsu'], { env })).stdout)).toMatchObject({
      error: { code: 'USAGE' },
    });
    expect(await scene.run(['serve'], { env })).toMatchObject({ code: 2, stdout: '' });
  });

  test('of report, by its format; and not when another one is typed', async () => {
    const scene = await Scene.create();
    const env = await userFile(scene, '{"report": {"format": "json"}}');
    const wrong = ['report', '--frobnicate'];
    expect(JSON.parse((await scene.run(wrong, { env })).stdout)).toMatchObject({ error: { code: 'USAGE' } });
    expect(await scene.run([...wrong, '--format', 'html'], { env })).toMatchObject({ code: 2, stdout: '' });
  });
});
