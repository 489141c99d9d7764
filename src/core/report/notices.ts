/** Stands wherever results of the stand-in appear: nobody may take a rehearsal for a proof. */
export const STAND_IN_NOTICE =
  'REHEARSAL: these results come from the nodeos stand-in and prove nothing about a real nodeos.';

/** What has to be said before anything else of a run. */
export function noticesOf({ standIn, damage }: { standIn: boolean; damage: readonly string[] }): string[] {
  return [...(standIn ? [STAND_IN_NOTICE] : []), ...damage.map((what) => `DAMAGED: ${what}`)];
}
