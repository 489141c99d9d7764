/** Starts the stand-in as a program, for tests that need a process of its own. */
import { runStandIn } from '../../../src/nodeos/stand-in/main.ts';

process.exitCode = await runStandIn(process.argv.slice(2), process.env);
