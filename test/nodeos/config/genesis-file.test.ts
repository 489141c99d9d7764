import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { genesisProblem } from '../../../src/nodeos/config/genesis-file.ts';

describe('a genesis file', () => {
  it.each(['leap-5.0.3', 'spring-1.2.2'])('of a real chain (%s) is taken', (chain) => {
    const path = join(import.meta.dirname, '../../fixtures/nodeos', chain, 'genesis.json');
    expect(genesisProblem(readFileSync(path, 'utf8'))).toBeNull();
  });

  it.each([
    ['an empty file', '', /^it is not JSON/u],
    ['an error page', '<html>', /^it is not JSON/u],
    ['a list', '[]', /^it has no initial_timestamp and no initial_key$/u],
    ['a number', '7', /^it is not a JSON object$/u],
    ['nothing', 'null', /^it is not a JSON object$/u],
    ['another JSON file', '{"initial_key": "EOS6…"}', /^it has no initial_timestamp$/u],
    ['a wrong type', '{"initial_key": 1, "initial_timestamp": "2018"}', /^it has no initial_key$/u],
  ])('%s is none', (_, text, problem) => {
    expect(genesisProblem(text)).toMatch(problem);
  });
});
