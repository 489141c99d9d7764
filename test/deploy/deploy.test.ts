import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { loadConfig } from '../../bin/cli-config.ts';
import { commandFlags } from '../../src/commands/support/defaults/command-flags.ts';
import { requiredRight } from '../../src/core/orchestrator/access/required-right.ts';
import { HARDENING } from '../../src/core/hosts/boot/work-unit.ts';

const FOLDER = resolve(import.meta.dirname, '../../deploy');
const read = (name: string): Promise<string> => readFile(join(FOLDER, name), 'utf8');

/** Of a manifest, as far as the tests look. */
interface Container {
  name: string;
  image: string;
  args: string[];
  securityContext: object;
  volumeMounts: { name: string }[];
  [probe: string]: unknown;
}
interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas?: number;
    parallelism?: number;
    serviceName?: string;
    selector?: Record<string, unknown>;
    template: {
      metadata: { labels: object };
      spec: {
        containers: Container[];
        volumes: { name: string }[];
        securityContext: object;
        restartPolicy?: string;
        serviceAccountName?: string;
        enableServiceLinks?: boolean;
        terminationGracePeriodSeconds: number;
      };
    };
    volumeClaimTemplates?: { metadata: { name: string } }[];
  };
}

async function manifests(): Promise<Map<string, Manifest>> {
  const documents = parseAllDocuments(await read('kubernetes.yaml'));
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const all = documents.map((document) => document.toJS() as Manifest);
  return new Map(all.map((manifest) => [manifest.kind, manifest]));
}

const POD_KINDS = ['StatefulSet', 'Job'] as const;

async function podOf(kind: (typeof POD_KINDS)[number]) {
  const manifest = (await manifests()).get(kind)!;
  const { spec } = manifest.spec.template;
  return { manifest, pod: spec, container: spec.containers[0]! };
}

describe('the manifest for Kubernetes', () => {
  test('has one orchestrator, a service in front of it, and a job with workers', async () => {
    const all = await manifests();
    expect([...all.keys()]).toEqual(['Service', 'StatefulSet', 'ServiceAccount', 'Job']);
    const set = all.get('StatefulSet')!;
    expect(set.spec).toMatchObject({ replicas: 1, serviceName: all.get('Service')!.metadata.name });
    const labels = set.spec.template.metadata.labels;
    expect(labels).toMatchObject(all.get('Service')!.spec.selector!);
    expect(set.spec.selector).toEqual({ matchLabels: labels });
    expect(all.get('Job')!.spec.parallelism).toBeGreaterThan(1);
    const workers = all.get('Job')!.spec.template.spec;
    expect(workers.restartPolicy).toBe('Never');
    expect(workers.serviceAccountName).toBe(all.get('ServiceAccount')!.metadata.name);
  });

  test.each(POD_KINDS)('starts %s with flags that there are', async (kind) => {
    const [command = '', ...flags] = (await podOf(kind)).container.args;
    const known = new Set(Object.keys((await commandFlags(await loadConfig())).get(command)!));
    const names = flags.map((flag) => /^--(?:no-(?=update))?(?<name>[a-z-]+)/.exec(flag)!.groups!['name']!);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  test.each(POD_KINDS)(
    'gives %s every volume that it mounts, and no more rights than it needs',
    async (kind) => {
      const { manifest, pod, container } = await podOf(kind);
      const claims = (manifest.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
      const volumes = [...pod.volumes.map(({ name }) => name), ...claims];
      expect(container.volumeMounts.map(({ name }) => name).toSorted()).toEqual(volumes.toSorted());
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    },
  );

  test.each(POD_KINDS)('lets no Service make variables for %s that are those of flags', async (kind) => {
    const name = (await manifests()).get('Service')!.metadata.name.toUpperCase();
    const configuration = await readFile(resolve(FOLDER, '../docs/configuration.md'), 'utf8');
    expect(configuration).toContain(`\`${name}_PORT\``);
    expect((await podOf(kind)).pod.enableServiceLinks).toBe(false);
  });

  test('runs one image, and gives each program longer to end than it takes', async () => {
    const pods = await Promise.all(POD_KINDS.map(podOf));
    expect(new Set(pods.map(({ container }) => container.image)).size).toBe(1);
    expect(pods.map(({ pod }) => pod.terminationGracePeriodSeconds)).toEqual([30, 30]);
  });

  test('looks at the orchestrator where no token is asked for', async () => {
    const { container } = await podOf('StatefulSet');
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const { httpGet } = container[probe] as { httpGet: { path: string; port: string } };
      expect(requiredRight(httpGet.path, 'GET', new URLSearchParams())).toBeNull();
      expect(httpGet.port).toBe('http');
    }
  });

  test('has no token in it', async () => {
    expect(await read('kubernetes.yaml')).not.toMatch(/rpl_[A-Za-z0-9]/);
  });
});

describe('the image', () => {
  test('has the user of the manifests, and is no root', async () => {
    const text = await read('Containerfile');
    expect(text).toMatch(/^USER 10001:10001$/m);
    expect(text).toContain('--uid 10001');
    expect(text).toMatch(/^COPY --chmod=755 replay \/usr\/local\/bin\/replay$/m);
  });

  test('sets variables that there are', async () => {
    const documented = await readFile(resolve(FOLDER, '../docs/configuration.md'), 'utf8');
    const names = Array.from((await read('Containerfile')).matchAll(/(REPLAY_\w+)=/g), ([, name]) => name!);
    expect(names.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the unit of the orchestrator', () => {
  test('is what systemd understands', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-unit-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'replay-serve.service');
    // The program and its user are not there on every machine.
    const text = (await read('replay-serve.service'))
      .replace('/usr/local/bin/replay serve', '/bin/true serve')
      .replace(/^User=.*$/m, 'User=root');
    await writeFile(path, text);
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 0]);
  });

  test('is as closed as that of a worker', async () => {
    const lines = (await read('replay-serve.service')).split('\n');
    expect(HARDENING.filter((line) => !lines.includes(line))).toEqual(['ProtectHome=read-only']);
    expect(lines).toContain('ProtectHome=yes');
  });

  test('sets variables that there are', async () => {
    const documented = await readFile(resolve(FOLDER, '../docs/configuration.md'), 'utf8');
    const text = await read('replay-serve.service');
    const names = Array.from(text.matchAll(/^Environment=(REPLAY_\w+)=/gm), ([, name]) => name!);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  });
});
