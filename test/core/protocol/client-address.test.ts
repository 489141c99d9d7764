import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { parseOrchestrator } from '../../../src/core/protocol/client-address.ts';

describe('the address of the orchestrator', () => {
  it.each([
    ['10.0.0.5', 'http://10.0.0.5:4000'],
    [' 10.0.0.5 ', 'http://10.0.0.5:4000'],
    ['10.0.0.5:4001', 'http://10.0.0.5:4001'],
    ['orchestrator', 'http://orchestrator:4000'],
    ['orchestrator.example:80', 'http://orchestrator.example:80'],
    ['::1', 'http://[::1]:4000'],
    ['[fd00::5]', 'http://[fd00::5]:4000'],
    ['[fd00::5]:81', 'http://[fd00::5]:81'],
    ['http://10.0.0.5:4000', 'http://10.0.0.5:4000'],
    ['http://10.0.0.5:4000/', 'http://10.0.0.5:4000'],
    ['https://replay.example', 'https://replay.example'],
    ['https://replay.example/eos/', 'https://replay.example/eos'],
  ])('%s is %s', (text, url) => {
    expect(parseOrchestrator(text)).toBe(url);
  });

  it.each([
    ['', 'it is empty'],
    ['host:0', 'the port 0 is not between 1 and 65535'],
    ['host:70000', 'the port 70000 is not between 1 and 65535'],
    ['host:port', 'neither a host'],
    ['a b', 'neither a host'],
    ['[zz]:4000', 'is not an IPv6 address'],
    ['ftp://host', 'the scheme ftp is not http or https'],
    ['http://', 'not a URL'],
    ['http://host/?x=1', 'a query or a fragment'],
    ['host/path', 'neither a host'],
    ['999.1.1.1', 'is not a host name'],
  ])('%j is refused: %s', (text, reason) => {
    expect(() => parseOrchestrator(text)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(reason), exitCode: ExitCode.usage }),
    );
  });

  it('does not repeat a password', () => {
    expect(() => parseOrchestrator('http://me:secret@host:4000')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
