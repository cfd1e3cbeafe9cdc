/** Plays the labs in Node and prints their fingerprints as JSON; run in a process of its own by the test beside it. */
import { readContentFiles } from '../../scripts/read-content.ts';
import { runLabs } from './lab-run.ts';

console.log(JSON.stringify(runLabs(readContentFiles(), process.argv[2] ?? '')));
