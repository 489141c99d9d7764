// A module, so that it may await at its top level.
export {};

const [command, ...rest] = process.argv.slice(2);

// The stand-in for nodeos has nodeos's command line, which oclif must not see; and it has to start
// as quickly as nodeos does, so nothing else is loaded for it.
if (command === 'stand-in-nodeos') {
  const { runStandIn } = await import('../src/nodeos/stand-in/main.ts');
  process.exitCode = await runStandIn(rest, process.env);
} else {
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
}
