import type { Form } from './form.ts';
import type { NodeLog } from './log.ts';

/** One level of an exception of nodeos: the text, its values as JSON, and where it was thrown. */
export interface FailureFrame {
  readonly text: string;
  readonly values: string;
  readonly place: string;
}

/** An exception inside nodeos, as it prints them: code, name and summary, then a frame for each level. */
export class NodeFailure extends Error {
  override readonly name = 'NodeFailure';
  readonly head: string;
  readonly summary: string;
  frames: FailureFrame[];
  readonly exitCode: number;

  constructor(details: {
    head: string;
    summary: string;
    frame?: FailureFrame;
    exitCode?: number;
    foreignText?: string;
  }) {
    super(details.summary);
    this.head = details.head;
    this.summary = details.summary;
    this.frames = details.frame === undefined ? [] : [details.frame];
    this.exitCode = details.exitCode ?? 254;
    this.foreignText = details.foreignText ?? null;
  }

  /** Set for an exception that is not one of the chain's: its whole text. */
  readonly foreignText: string | null;

  /** The text of the exception as it stands in the log after `file:line function ]`. */
  detail(): string {
    if (this.foreignText !== null) return this.foreignText;
    const frames = this.frames.map(
      (frame) => `${frame.text}\n    ${frame.values}\n    nodeos  ${frame.place}\n`,
    );
    return `${this.head}\n${frames.join('')}`;
  }
}

/** One of nodeos's own exceptions: `3110006 plugin_config_exception: Incorrect plugin configuration`. */
export function chainFailure(
  head: string,
  text: string,
  place: string,
  values: Readonly<Record<string, unknown>> = {},
): NodeFailure {
  const summary = head.slice(head.indexOf(': ') + 2);
  return new NodeFailure({ head, summary, frame: { text, values: JSON.stringify(values), place } });
}

/** An exception of the C++ library that nodeos passes on: `13 <type>: <what>`. */
export function foreignFailure(type: string, what: string, place: string, exitCode = 254): NodeFailure {
  return new NodeFailure({
    head: `13 ${type}: ${what}`,
    summary: what,
    frame: { text: `rethrow ${what}: `, values: JSON.stringify({ what }), place },
    exitCode,
  });
}

/** Prints a failure on its way up through the place that catches it and throws it again. */
export function passThrough(failure: NodeFailure, log: NodeLog, place: string): void {
  log.line('warn', place, failure.detail());
  const origin = failure.frames.at(-1);
  // An exception of the library gets its first level where it is caught, and no second one there.
  if (origin?.place !== place) failure.frames.push({ text: 'rethrow', values: '{}', place });
}

export const GUARD_FAILURE = '3060101 database_guard_exception: Database usage is at unsafe levels';
export const CONFIG_FAILURE = '3110006 plugin_config_exception: Incorrect plugin configuration';
export const SNAPSHOT_FAILURE = '3240000 snapshot_exception: Snapshot exception';
export const BLOCK_LOG_FAILURE = '3190000 block_log_exception: Block log exception';
export const FORK_DATABASE_FAILURE = '3020000 fork_database_exception: Fork database exception';

/** The library's exception for a read past the end of a snapshot. */
export function readPastEnd(form: Form): NodeFailure {
  return foreignFailure('St13__ios_failure', 'basic_ios::clear: iostream error', form.at('rethrowSnapshot'));
}

/** An exception of the application framework as it describes itself. */
export function thrownByAppbase(place: string, name: string, what: string): string {
  const [file = '', line = ''] = place.replace(/ .*$/, '').split(':');
  return `libraries/appbase/${file}(${line}): Throw in function ${name}\nDynamic exception type: boost::wrapexcept<std::runtime_error>\nstd::exception::what: ${what}\n`;
}

/** The exception for a plugin that the build does not have. */
export function unknownPlugin(form: Form, plugin: string): NodeFailure {
  const name = 'appbase::abstract_plugin& appbase::application_base::get_plugin(const std::string&) const';
  const text = thrownByAppbase(form.at('throwUnknownPlugin'), name, `unable to find plugin: ${plugin}`);
  return new NodeFailure({ head: '', summary: text, foreignText: text });
}
