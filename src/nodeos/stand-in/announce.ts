import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { unknownPlugin } from './failure.ts';
import { byDigest, protocolFeatures } from './protocol-features.ts';
import { type Run, say } from './run.ts';

/** Announces the protocol features; those that its folder does not describe yet are written there. */
export function announceFeatures(run: Run): void {
  const folder = resolve(
    run.options.configDir,
    run.options.value('protocol-features-dir') ?? 'protocol_features',
  );
  mkdirSync(folder, { recursive: true });
  const all = protocolFeatures(run.form.product);
  const pathOf = (name: string): string => join(folder, `BUILTIN-${name}.json`);
  const described = new Set(all.filter(({ name }) => existsSync(pathOf(name))));
  const missing = all.filter((feature) => !described.has(feature));
  for (const feature of [...byDigest([...described]), ...missing]) {
    const what = `builtin protocol feature '${feature.name}' (with digest of '${feature.digest}')`;
    const how = feature.preactivation ? 'with preactivation required' : 'without activation restrictions';
    say(
      run,
      feature.preactivation ? 'featureSupported' : 'featureUnrestricted',
      `Support for ${what} is enabled ${how}`,
    );
    if (described.has(feature)) continue;
    writeFileSync(pathOf(feature.name), `${JSON.stringify({ builtin_feature_codename: feature.name })}\n`);
    say(run, 'featureSaved', `Saved default specification for ${what} to: ${pathOf(feature.name)}`);
  }
}

/** Plugins that a build without extras has. */
const PLUGINS = new Set(
  ['chain', 'chain_api', 'db_size_api', 'http', 'net', 'net_api', 'producer', 'producer_api']
    .concat(['prometheus', 'resource_monitor', 'signature_provider', 'state_history', 'test_control'])
    .concat(['test_control_api', 'trace_api'])
    .map((name) => `eosio::${name}_plugin`),
);

/** What the other plugins say of their settings. @throws NodeFailure for one that is unknown. */
export function announcePlugins(run: Run): void {
  const { options, form } = run;
  if (form.product === 'spring') announceTimer(run);
  say(run, 'subjective', 'Subjective CPU billing disabled');
  if (options.values('plugin').includes('eosio::chain_api_plugin')) {
    const window = form.product === 'spring' ? 60_000 : 50_000;
    say(run, 'readOnlyThreads', 'chain_api_plugin configured, defaulting read-only-threads to 3');
    say(
      run,
      'readOnlyWindow',
      `read-only-write-window-time-us: 200000 us, read-only-read-window-time-us: 60000 us, effective read window time to be used: ${window} us`,
    );
    say(
      run,
      'readOnlyTime',
      `Read-only max transaction time 50000us set to fit in the effective read-only window ${window}us.`,
    );
    say(run, 'readOnlyEnforced', 'read-only-threads 3, max read-only trx time to be enforced: 50000 us');
  }
  say(run, 'initNet', 'Initialize net plugin');
  const unknown = options.values('plugin').find((name) => !PLUGINS.has(name));
  if (unknown !== undefined) throw unknownPlugin(form, unknown);
  say(
    run,
    'monitorInterval',
    `Monitoring interval set to ${options.value('resource-monitor-interval-seconds')}`,
  );
  say(
    run,
    'monitorThreshold',
    `Space usage threshold set to ${options.value('resource-monitor-space-threshold')}%`,
  );
  const stays = options.isOn('resource-monitor-not-shutdown-on-threshold-exceeded');
  say(
    run,
    stays ? 'monitorNoShutdown' : 'monitorShutdown',
    `Shutdown flag when threshold exceeded set to ${!stays}`,
  );
  say(run, 'monitorWarning', `Warning interval set to ${options.value('resource-monitor-warning-interval')}`);
}

/** The real program measures its timer; the figures are made up. */
export function announceTimer(run: Run): void {
  say(run, 'checktime', 'Checktime timer accuracy: min:8us max:63us mean:16us stddev:6us');
}
