/**
 * Passes connections on, each byte a while later, in both directions: a long line. It stands in the place of
 * the kernel's own (netem), which many kernels come without.
 *
 * `node slow-relay.ts <port> <host> <port> <milliseconds>`; SIGUSR2 takes the delay away.
 */
import { connect, createServer, type Socket } from 'node:net';

const [port, toHost, toPort, milliseconds] = process.argv.slice(2);
let delay = Number(milliseconds);

process.on('SIGUSR2', () => {
  delay = 0;
});

/** What comes later never overtakes what came before. */
function pass(from: Socket, to: Socket): void {
  let last: Promise<unknown> = Promise.resolve();
  const later = (work: () => void): void => {
    const due = new Promise((resolve) => {
      setTimeout(resolve, delay);
    });
    last = Promise.all([last, due]).then(work);
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.destroy()));
}

createServer({ allowHalfOpen: true }, (caller) => {
  const callee = connect({ port: Number(toPort), host: toHost!, allowHalfOpen: true });
  pass(caller, callee);
  pass(callee, caller);
}).listen(Number(port), () => process.stdout.write('relaying\n'));
