import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateDictionary } from '../../../scripts/generate-dictionary.ts';

test('the committed dictionary is what the generator writes', () => {
	const path = 'src/lib/protocol/dicom/dataset/dictionary.generated.ts';
	const committed = readFileSync(path, 'utf8');
	expect(generateDictionary() === committed, 'run node scripts/generate-dictionary.ts').toBe(true);
});
