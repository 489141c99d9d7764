/** GET /session: who asks, and what that caller may do. */
export interface SessionRecord {
  /** `open`: nobody is asked for a token here. `session`: a browser that has signed in. */
  by: 'open' | 'bearer' | 'basic' | 'session';
  rights: readonly ('read' | 'work' | 'admin')[];
  run_id: number;
  /** Of the orchestrator's program. */
  version: string;
  /** GET /fleet is there to be asked. */
  fleet: boolean;
}
