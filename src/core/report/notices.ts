/** Stands wherever results of the stand-in appear: nobody may take a rehearsal for a proof. */
export const STAND_IN_NOTICE =
  'REHEARSAL: these results come from the nodeos stand-in and prove nothing about a real nodeos.';
