import { Connection, type ConnectionOptions } from './client-connection.ts';
import { operatorCalls, type OperatorCalls } from './client-operator.ts';
import { readerCalls, type ReaderCalls } from './client-reader.ts';
import { workerCalls, type WorkerCalls } from './client-worker.ts';

/**
 * The orchestrator's protocol (docs/protocol.md) as calls. Each call is one exchange and fails with an
 * OrchestratorError whose kind says what to do; what it returns has the shape that it says.
 */
export type OrchestratorClient = { readonly baseUrl: string } & WorkerCalls & ReaderCalls & OperatorCalls;

export function orchestratorClient(options: ConnectionOptions): OrchestratorClient {
  const connection = new Connection(options);
  return {
    baseUrl: connection.baseUrl,
    ...workerCalls(connection),
    ...readerCalls(connection),
    ...operatorCalls(connection),
  };
}
