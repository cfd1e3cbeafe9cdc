import { createExhibitMaker } from '#lib/exhibits/make-exhibit.ts';
import { loadContent } from '#lib/lab/content.ts';
import type { ExamContent } from '../exams/content.ts';
import { openBank } from './bank.ts';
import { readYamlFiles } from './read-files.ts';

/** The hospital that exhibits are made in. */
const HOSPITAL = 'community';

/**
 * The question bank of a folder, with exhibits made in a hospital of the scenarios' folder. `labs` are the ids of
 * the scenarios. Throws an error that says what to do when something is missing.
 */
export function openExamContent(
	banksDir: string,
	scenariosDir: string,
	labs: ReadonlySet<string>,
): ExamContent {
	const hospital = loadContent(readYamlFiles(scenariosDir)).content.hospitals.get(HOSPITAL);
	if (!hospital) {
		throw new Error(
			`The folder ${scenariosDir} has no usable hospital "${HOSPITAL}", in which the exhibits of questions are made.`,
		);
	}
	return { bank: openBank(banksDir, labs), makeExhibit: createExhibitMaker({ hospital }) };
}
