import { mkdir, readdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AttemptFailure } from '../../../src/core/domain/attempt-failure.ts';
import { installNodeos } from '../../../src/nodeos/install/install.ts';
import type { InstallRequest } from '../../../src/nodeos/install/install.ts';
import { buildDeb, delivering, saying, scratch } from './install-fixture.ts';

async function request(more: Partial<InstallRequest>): Promise<InstallRequest> {
  return {
    version: '1.2.2',
    cacheDir: join(await scratch(), 'cache'),
    fetchDeb: () => Promise.reject(new Error('nothing is to be fetched')),
    signal: new AbortController().signal,
    ...more,
  };
}

describe('nodeos is installed', () => {
  test('from its release, once', async () => {
    const fetchDeb = delivering(await buildDeb(saying('v1.2.2')));
    const wanted = await request({ fetchDeb });
    const installed = await installNodeos(wanted);
    expect(installed).toEqual({
      path: join(wanted.cacheDir, 'spring-1.2.2/usr/bin/nodeos'),
      version: 'v1.2.2',
      product: 'spring',
      standIn: false,
    });
    expect(await installNodeos({ ...wanted, version: 'v1.2.2' })).toEqual(installed);
    expect(fetchDeb.asked).toEqual([
      'https://github.com/AntelopeIO/spring/releases/download/v1.2.2/antelope-spring_1.2.2_amd64.deb',
    ]);
    expect(await readdir(wanted.cacheDir)).toEqual(['spring-1.2.2']);
  });

  test.each(['usr/opt/leap/5.0.3/bin/nodeos', 'opt/bin/nodeos'])(
    'wherever the package has it: %s',
    async (at) => {
      const fetchDeb = delivering(await buildDeb(saying('v5.0.3'), { at }));
      const installed = await installNodeos(await request({ version: '5.0.3', fetchDeb }));
      expect(installed.path).toMatch(new RegExp(`/leap-5\\.0\\.3/${at}$`));
    },
  );

  test('from a mirror, apart from what the release has', async () => {
    const deb = await buildDeb(saying('v1.2.2'));
    const wanted = await request({ fetchDeb: delivering(deb) });
    const release = await installNodeos(wanted);
    const mirror = delivering(deb);
    const mirrored = await installNodeos({
      ...wanted,
      fetchDeb: mirror,
      debUrlTemplate: 'https://m.example/{file}',
    });
    expect(mirror.asked).toEqual(['https://m.example/antelope-spring_1.2.2_amd64.deb']);
    expect(mirrored.path).not.toBe(release.path);
  });

  test('from the address that the slice names', async () => {
    const fetchDeb = delivering(await buildDeb(saying('v1.2.2')));
    const wanted = await request({ version: 'https://example.org/build.deb', fetchDeb });
    expect((await installNodeos(wanted)).version).toBe('v1.2.2');
    expect(fetchDeb.asked).toEqual(['https://example.org/build.deb']);
  });

  test('from a file, and again when the file is another one', async () => {
    const wanted = await request({});
    const path = join(await scratch(), 'build.deb');
    const seen: string[] = [];
    for (const version of ['v1.2.2', 'v5.0.3']) {
      await writeFile(path, await readFile(await buildDeb(saying(version))));
      seen.push((await installNodeos({ ...wanted, version: path })).version);
    }
    expect(seen).toEqual(['v1.2.2', 'v5.0.3']);
  });

  test('by several workers at once, whole', async () => {
    const wanted = await request({ fetchDeb: delivering(await buildDeb(saying('v1.2.2'))) });
    const all = await Promise.all(Array.from({ length: 4 }, () => installNodeos(wanted)));
    expect(new Set(all.map((one) => one.path)).size).toBe(1);
    expect(await readdir(wanted.cacheDir)).toEqual(['spring-1.2.2']);
  });

  test('beside what a killed installation left, which goes when it is old', async () => {
    const wanted = await request({ fetchDeb: delivering(await buildDeb(saying('v1.2.2'))) });
    await mkdir(join(wanted.cacheDir, '.staging-1-old'), { recursive: true });
    await mkdir(join(wanted.cacheDir, '.staging-2-young'));
    await utimes(join(wanted.cacheDir, '.staging-1-old'), 1, 1);
    await installNodeos(wanted);
    expect(await readdir(wanted.cacheDir)).toEqual(['.staging-2-young', 'spring-1.2.2']);
  });
});

describe('nodeos cannot be installed', () => {
  async function failure(more: Partial<InstallRequest>): Promise<AttemptFailure> {
    const wanted = await request(more);
    const error = await installNodeos(wanted).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(AttemptFailure);
    // Nothing that looks installed, and nothing half done.
    expect(
      (await readdir(wanted.cacheDir).catch(() => [])).filter((name) => !name.startsWith('url-')),
    ).toEqual([]);
    return error as AttemptFailure;
  }

  test('when the package is cut short', async () => {
    const deb = await buildDeb(saying('v1.2.2'));
    await truncate(deb, 600);
    const failed = await failure({ fetchDeb: delivering(deb) });
    expect(failed.failureCause).toBe('install');
    expect(failed.message).toMatch(/cannot be unpacked: it is cut short or no Debian package/);
  });

  test('when it is no package', async () => {
    const page = join(await scratch(), 'page.html');
    await writeFile(page, '<html>not found</html>');
    expect((await failure({ fetchDeb: delivering(page) })).message).toMatch(/no Debian package/);
  });

  test('when nodeos is not in it', async () => {
    const failed = await failure({ fetchDeb: delivering(await buildDeb('', { at: 'usr/share/nodeos' })) });
    expect(failed.message).toMatch(/antelope-spring_1\.2\.2_amd64\.deb contains no program bin\/nodeos$/);
  });

  test('when a library is missing: the hint has what the package says it needs', async () => {
    const script =
      'echo "nodeos: error while loading shared libraries: libgmp.so.10: cannot open" >&2; exit 127';
    const failed = await failure({
      fetchDeb: delivering(await buildDeb(script, { depends: 'libgmp10, zlib1g' })),
    });
    expect(failed.message).toMatch(
      /usr\/bin\/nodeos does not run: the shared library libgmp\.so\.10 is missing$/,
    );
    expect(failed.hint).toContain('apt-file search libgmp.so.10');
    expect(failed.hint).toContain('The package says that it needs: libgmp10, zlib1g.');
  });

  test('when the package cannot be fetched; its address is shown without what may be secret', async () => {
    const failed = await failure({
      fetchDeb: () => Promise.reject(new AttemptFailure('download', 'the server answered 404')),
    });
    expect(failed.failureCause).toBe('install');
    expect(failed.message).toBe('The nodeos package cannot be fetched: the server answered 404');
    const secret = await failure({
      version: 'https://me:hunter2@example.org/n.deb?X-Amz-Signature=abc',
      fetchDeb: delivering(await buildDeb('', { at: 'usr/share/nodeos' })),
    });
    expect(secret.message).toBe('https://example.org/n.deb contains no program bin/nodeos');
  });

  test('when the disk is full while it is fetched', async () => {
    const failed = await failure({ fetchDeb: () => Promise.reject(new AttemptFailure('disk-full', 'full')) });
    expect(failed.failureCause).toBe('disk-full');
  });

  test('when the file is not there, or not named by its whole path', async () => {
    expect(await failure({ version: '/no/such.deb' })).toMatchObject({
      failureCause: 'install',
      message: expect.stringContaining('The nodeos package cannot be read: ENOENT'),
    });
    expect(await failure({ version: 'build/nodeos.deb' })).toMatchObject({ failureCause: 'bad-job' });
  });

  test('when no package is known for the version', async () => {
    expect(await failure({ version: '3.2.5' })).toMatchObject({ failureCause: 'bad-job' });
  });

  test('when dpkg-deb is missing', async () => {
    const fetchDeb = delivering(await buildDeb(saying('v1.2.2')));
    const path = process.env['PATH'];
    onTestFinished(() => {
      process.env['PATH'] = path;
    });
    process.env['PATH'] = await scratch();
    const failed = await failure({ fetchDeb });
    expect(failed).toMatchObject({
      failureCause: 'install',
      message: 'The tool dpkg-deb, which unpacks nodeos packages, is missing',
    });
  });

  test('when the folder for it cannot be made', async () => {
    const file = join(await scratch(), 'file');
    await writeFile(file, '');
    expect((await failure({ cacheDir: join(file, 'cache') })).message).toMatch(
      /cannot be installed into .*ENOTDIR/,
    );
  });
});

test('an installation that is stopped ends with the reason of the stop', async () => {
  const stop = new AbortController();
  const wanted = await request({
    signal: stop.signal,
    fetchDeb: async ({ signal }) => {
      stop.abort(new Error('told to stop'));
      signal.throwIfAborted();
    },
  });
  await expect(installNodeos(wanted)).rejects.toThrow('told to stop');
  expect(await readdir(wanted.cacheDir)).toEqual([]);
});
