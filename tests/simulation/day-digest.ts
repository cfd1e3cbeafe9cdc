import { communityHospital, workingDay } from './community-world.ts';

/** Prints the fingerprint of a working day; run in a process of its own by the test beside it. */
console.log(workingDay(communityHospital(), process.argv[2] ?? '').kernel.trace.digest());
