import type { ComponentChildren } from 'preact';
import { formatCount } from '../../../format/count.ts';
import type { FullJobRecord } from '../../../protocol/full-record.ts';

/** What the manifest says of the slice. */
export function Configuration({ job }: { job: FullJobRecord }) {
  const { start_block_num: start, end_block_num: end } = job;
  return (
    <section class="card configuration" aria-labelledby="configuration-title">
      <h2 id="configuration-title">What the manifest says</h2>
      <dl>
        <Row name="Slice">{job.replay_slice_id}</Row>
        <Row name="Blocks">
          {formatCount(start)} – {formatCount(end)} ({formatCount(end - start)} blocks)
        </Row>
        <Row name="Snapshot">
          {job.snapshot_path === '' ? 'none: from genesis' : <code>{job.snapshot_path}</code>}
        </Row>
        <Row name="Storage type">{job.storage_type}</Row>
        <Code name="SHA-256 of the snapshot" text={job.snapshot_sha256} />
        <Code
          name="Blocks from"
          text={job.blocks_path}
          otherwise="where the host is told to look (work --blocks)"
        />
        <Code name="Genesis" text={job.genesis_path} />
        <Row name={job.leap_version === undefined ? 'Spring version' : 'Leap version'}>
          {job.leap_version ?? job.spring_version}
        </Row>
        <Code name="nodeos version" text={job.manifest_nodeos_version} />
        <Code
          name="Options of nodeos"
          text={job.nodeos_options.length === 0 ? null : job.nodeos_options.join(' ')}
        />
        <Code name="Known hash" text={job.known_integrity_hash || null} otherwise="none" />
        <Row name="Avoided hosts">{job.avoided_workers.join(', ') || null}</Row>
      </dl>
    </section>
  );
}

/** Nothing, when there is nothing to say. */
function Row({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Code({ name, text, otherwise }: { name: string; text: string | null; otherwise?: string }) {
  if (text === null) return <Row name={name}>{otherwise ?? null}</Row>;
  return (
    <Row name={name}>
      <code>{text}</code>
    </Row>
  );
}
