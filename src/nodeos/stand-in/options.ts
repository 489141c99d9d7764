import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type BlockLog, blocksFolder } from './block-log.ts';
import {
  type Folders,
  type GivenOption,
  type NodeOptions,
  type OptionMistake,
  describeOptions,
  foldersOf,
  nodeOptions,
  parseArguments,
  parseConfig,
  redundantOptions,
} from './command-line.ts';
import { thrownByAppbase } from './failure.ts';
import type { Form } from './form.ts';
import type { NodeLog } from './log.ts';
import { StateFolder } from './state-folder.ts';

/** What follows from command line and configuration. */
export interface RunOptions {
  readonly options: NodeOptions;
  readonly optionsText: string;
  readonly stateFolder: StateFolder;
  readonly blocksFolder: string;
  blockLog: BlockLog;
}

export interface OptionInput {
  readonly argv: readonly string[];
  readonly home: string;
  readonly form: Form;
  readonly log: NodeLog;
}

const NO_LOG: BlockLog = { live: null, strides: [], chainId: null, genesis: null, range: null };

/** Reads command line and config.ini; a number is the exit code after a mistake, which was printed. */
export function readOptions(input: OptionInput): RunOptions | number {
  const { form } = input;
  const fromCommandLine = parseArguments(input.argv, form.product);
  if (!fromCommandLine.ok) return refuse(input, fromCommandLine.mistake, fromCommandLine.given);
  const folders = foldersOf(fromCommandLine.given, input.home);
  const text = readConfig(input, folders, fromCommandLine.given);
  if (text === null) return 255;
  const fromConfig = parseConfig(text, folders.configFile, form.product);
  if (!fromConfig.ok) {
    return refuse(input, fromConfig.mistake, [...fromCommandLine.given, ...fromConfig.given]);
  }
  const given = [...fromCommandLine.given, ...fromConfig.given];
  warnOfRedundant(input, redundantOptions(fromConfig.given, form.product));
  const options = nodeOptions(given, folders, form.product);
  const blocks = blocksFolder(options);
  const stateFolder = new StateFolder(options, blocks);
  return {
    options,
    optionsText: describeOptions(given),
    stateFolder,
    blocksFolder: blocks,
    blockLog: NO_LOG,
  };
}

/** The text of config.ini. A missing default one is made; a missing one that was asked for is fatal. */
function readConfig(input: OptionInput, folders: Folders, given: readonly GivenOption[]): string | null {
  if (existsSync(folders.configFile)) return readFileSync(folders.configFile, 'utf8');
  if (given.some(({ name }) => name === 'config')) {
    input.log.raw(`Config file "${folders.configFile}" missing.\n`);
    sayVersion(input, given);
    return null;
  }
  mkdirSync(folders.configDir, { recursive: true });
  writeFileSync(
    folders.configFile,
    '# written by the stand-in for nodeos: all options have their defaults\n',
  );
  return '';
}

function sayVersion({ form, log }: OptionInput, given: readonly GivenOption[]): void {
  log.line('info', form.at('versionAtEnd'), `nodeos version ${form.version} ${form.fullVersion}`);
  log.line('info', form.at('options'), `Non-default options: ${describeOptions(given)}`);
}

const INITIALIZE =
  'bool appbase::application_base::initialize_impl(int, char**, std::vector<appbase::abstract_plugin*>, std::function<void()>)';

function refuse(input: OptionInput, mistake: OptionMistake, given: readonly GivenOption[]): number {
  sayVersion(input, given);
  const { form, log } = input;
  if (mistake.kind === 'invalid-value') {
    const isWord = !/^\d/.test(mistake.value) && ['read-mode', 'validation-mode'].includes(mistake.name);
    if (isWord) {
      log.line('error', form.at('failedUsage'), `the argument for option '${mistake.name}' is invalid`);
    } else {
      const what = `the argument ('${mistake.value}') for option '${mistake.name}' is invalid`;
      const text = thrownByLibrary('invalid_option_value', what);
      log.line('error', form.at('failedBoost'), text);
    }
    return 254;
  }
  if (mistake.kind === 'repeated') {
    const what = `option '--${mistake.name}' cannot be specified more than once`;
    log.line('error', form.at('failedBoost'), thrownByLibrary('multiple_occurrences', what));
    return 254;
  }
  const isConfig = mistake.kind === 'unknown-config';
  const what = isConfig
    ? `Unknown option '${mistake.name}' inside the config file ${mistake.file}`
    : `Unknown option '${mistake.name}' passed as command line argument`;
  const place = form.at(isConfig ? 'throwUnknownConfig' : 'throwUnknownArgument');
  log.line('error', form.at('failedBoost'), thrownByAppbase(place, INITIALIZE, what));
  return 254;
}

/** An exception of boost's option parser as it describes itself. */
function thrownByLibrary(type: string, what: string): string {
  return `Throw location unknown (consider using BOOST_THROW_EXCEPTION)\nDynamic exception type: boost::wrapexcept<boost::program_options::${type}>\nstd::exception::what: ${what}\n`;
}

/** The list is broken after the name that makes it longer than this. */
const LIST_WIDTH = 66;

function warnOfRedundant({ log }: OptionInput, names: readonly string[]): void {
  if (names.length === 0) return;
  const indent = ' '.repeat(13);
  let line = '';
  const lines: string[] = [];
  for (const [index, name] of names.entries()) {
    line += index === names.length - 1 ? name : `${name}, `;
    if (line.length <= LIST_WIDTH) continue;
    lines.push(indent + line);
    line = '';
  }
  log.raw(
    [
      'APPBASE: Warning: The following configuration items in the config.ini file are redundantly set to',
      '         their default value:',
      ...lines,
      indent + line,
      '         Explicit values will override future changes to application defaults. Consider commenting out or',
      '         removing these items.',
      '',
    ].join('\n'),
  );
}
