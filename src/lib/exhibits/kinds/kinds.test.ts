import type { ExhibitFacts, ExhibitNode } from '#lib/exam/item/exhibit.ts';
import { isSyntheticPatientId } from '#lib/hospital/patients.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import { parseEr7Text } from '#lib/protocol/hl7/parse-er7.ts';
import { expect, test } from 'vitest';
import { MESSAGES } from '../hl7/make-message.ts';
import { communityHospital } from '../../../../tests/simulation/community-world.ts';
import { makerFor } from '../maker.fixture.ts';

const { lines, made } = makerFor(communityHospital());

const SEEDS = ['a', 'b', 'c', 'd', 'e'];

/** The values of dump lines by keyword; those of sequences are left out. */
function dumped(text: string): Map<string, string> {
	const values = new Map<string, string>();
	for (const line of text.split('\n')) {
		const match = /^\([0-9a-f]{4},[0-9a-f]{4}\) \w\w (.+?) +# +\d+, *\d+ (\w+)$/.exec(line);
		if (match) values.set(match[2] ?? '', (match[1] ?? '').replace(/^\[(.*)\]$/, '$1'));
	}
	return values;
}

const KEYWORDS: Record<string, string> = {
	patientName: 'PatientName',
	patientId: 'PatientID',
	accession: 'AccessionNumber',
	studyUid: 'StudyInstanceUID',
	seriesUid: 'SeriesInstanceUID',
	sopUid: 'SOPInstanceUID',
	modality: 'Modality',
	rows: 'Rows',
	columns: 'Columns',
	bitsAllocated: 'BitsAllocated',
	bitsStored: 'BitsStored',
	samples: 'SamplesPerPixel',
	photometric: 'PhotometricInterpretation',
	windowCenter: 'WindowCenter',
	windowWidth: 'WindowWidth',
	slope: 'RescaleSlope',
	intercept: 'RescaleIntercept',
	sliceThickness: 'SliceThickness',
	pixelSpacing: 'PixelSpacing',
	instanceNumber: 'InstanceNumber',
};

function expectDumped(facts: ExhibitFacts, values: Map<string, string>): void {
	for (const [fact, keyword] of Object.entries(KEYWORDS)) {
		expect(facts[fact] === undefined ? undefined : String(facts[fact]), fact).toBe(
			values.get(keyword),
		);
	}
}

test.each(['ct', 'dx'])('the dump of a %s says what its facts say', (object) => {
	for (const seed of SEEDS) {
		const { text, facts } = lines('dicom-dump', { object }, seed);
		expectDumped(facts, dumped(text));
		expect(isSyntheticPatientId(String(facts['patientId']))).toBe(true);
		expect(text).toContain(`# ${String(facts['pixelBytes'])}, 1 PixelData`);
		expect(facts['pixelBytes']).toBe(Number(facts['rows']) * Number(facts['columns']) * 2);
		expect(text).toContain('=LittleEndianExplicit');
	}
});

test('an author limits, overwrites, adds and removes elements', () => {
	const { text, facts } = lines('dicom-dump', {
		object: 'dx',
		tags: ['PatientID', 'Rows', 'AccessionNumber', 'PatientIdentityRemoved', 'TransferSyntaxUID'],
		set: { PatientIdentityRemoved: 'YES', Rows: 3000, AccessionNumber: '' },
		remove: ['PatientID'],
	});
	const values = dumped(text);
	expect([...values.keys()].sort()).toEqual([
		'AccessionNumber',
		'PatientIdentityRemoved',
		'Rows',
		'TransferSyntaxUID',
	]);
	expect(values.get('AccessionNumber')).toBe('(no value available)');
	expect(facts).toMatchObject({ value: 'YES', rows: 3000, accession: '' });
	expect(facts).not.toHaveProperty('patientId');
	expect(lines('dicom-dump', { object: 'ct', set: { Rows: 64 } }).facts['value']).toBe(64);
	const long = { AccessionNumber: 'X'.repeat(40) };
	expect(lines('dicom-dump', { object: 'ct', set: long }).text).toContain('X'.repeat(40));
});

function treeOf(kind: string, parameters: Record<string, unknown>, seed: string) {
	const { content, facts } = made(kind, parameters, seed);
	if (content.form !== 'tree') throw new Error('no tree');
	const all = new Map<string, ExhibitNode>();
	const walk = (nodes: ExhibitNode[]): void => {
		for (const node of nodes) {
			if (!all.has(node.code)) all.set(node.code, node);
			walk(node.children);
		}
	};
	walk(content.nodes);
	return { nodes: content.nodes, all, facts };
}

test.each(['ct', 'dx'])('the tree and the dump of a %s are the same object', (object) => {
	for (const seed of SEEDS) {
		const { nodes, facts } = treeOf('dicom-tree', { object }, seed);
		expect(facts).toEqual(lines('dicom-dump', { object }, seed).facts);
		expectDumped(facts, new Map(nodes.map(({ name, value }) => [name, value])));
		const sequence = nodes.find(({ name }) => name === 'RequestAttributesSequence');
		expect(sequence?.type).toBe('SQ');
		expect(sequence?.children[0]?.children.length).toBeGreaterThan(1);
	}
});

const PATHS: Record<string, string[]> = {
	mrn: ['PID-3.1'],
	priorMrn: ['MRG-1.1'],
	birth: ['PID-7'],
	sex: ['PID-8'],
	account: ['PID-18'],
	visit: ['PV1-19'],
	placer: ['ORC-2', 'OBR-2'],
	filler: ['ORC-3', 'OBR-3'],
	orderControl: ['ORC-1'],
	procedureCode: ['OBR-4'],
	resultStatus: ['OBR-25'],
	controlId: ['MSH-10'],
	trigger: ['MSH-9.2'],
	version: ['MSH-12'],
	ackCode: ['MSA-1'],
	acknowledgedId: ['MSA-2'],
	errorCode: ['ERR-3'],
	time: ['MSH-7'],
};

test.each(MESSAGES)('%s parses without remarks and says what its facts say', (message) => {
	for (const seed of SEEDS) {
		const { text, facts } = lines('hl7', { message }, seed);
		const parsed = parseEr7Text(text);
		if ('error' in parsed) throw new Error(parsed.error.text);
		expect(parsed.remarks.filter(({ code }) => !code.includes('terminator'))).toEqual([]);
		for (const [fact, paths] of Object.entries(PATHS)) {
			for (const path of paths) {
				expect(valueAt(parsed.message, path).text, fact).toBe(facts[fact] ?? '');
			}
		}
		const [family, given] = String(facts['name'] ?? '^').split('^');
		expect(valueAt(parsed.message, 'PID-5.1').text).toBe(family);
		expect(valueAt(parsed.message, 'PID-5.2').text).toBe(given);
	}
});

test('messages have the facts that they are about', () => {
	expect(lines('hl7', { message: 'ADT^A40' }).facts).toMatchObject({
		priorMrn: expect.stringMatching(/^SYN/),
	});
	for (const message of ['ORM^O01', 'OMI^O23', 'ORU^R01']) {
		const { facts } = lines('hl7', { message });
		expect(facts['accession']).toMatch(/^A\d+$/);
		const numbers = ['placer', 'filler', 'accession', 'mrn', 'account', 'controlId'];
		expect(new Set(numbers.map((fact) => facts[fact])).size).toBe(numbers.length);
	}
	for (const code of ['AA', 'AE', 'AR']) {
		const { facts } = lines('hl7', { message: `ACK-${code}` });
		expect(facts['ackCode']).toBe(code);
		expect('errorCode' in facts).toBe(code !== 'AA');
	}
});

test('a visit is of the class that its place stands for', () => {
	const allowed = /\|(I\|(W3A|W4B|ICU|NEURO)|E\|ED|O\|OPC)\|/;
	for (const seed of SEEDS) {
		for (const message of ['ADT^A01', 'ADT^A04', 'ADT^A08', 'ORM^O01', 'ORU^R01']) {
			expect(lines('hl7', { message }, seed).text).toMatch(allowed);
		}
		expect(lines('hl7', { message: 'ADT^A01' }, seed).text).toContain('PV1|1|I|');
		expect(lines('hl7', { message: 'ADT^A04' }, seed).text).toMatch(/PV1\|1\|[EO]\|/);
	}
});

test('an author changes a message', () => {
	const { text, facts } = lines('hl7', {
		message: 'ADT^A08',
		set: { 'PID-5': 'DOE^JANE~ROE^JANE', 'PID-8': '""', 'PID-3.1': 'A&B' },
		remove: ['PV1'],
	});
	expect(text).toContain('|DOE^JANE~ROE^JANE|');
	expect(text).toContain('|""|');
	expect(text).toContain('|A\\T\\B^^^LARK^MR|');
	expect(text).not.toContain('PV1');
	expect(facts).toMatchObject({ name: 'DOE^JANE', mrn: 'A&B', value: 'DOE^JANE~ROE^JANE' });
	expect(facts).not.toHaveProperty('visit');
	expect(facts).not.toHaveProperty('sex');
});

test('the tree of a message has the values of its text, with names and types', () => {
	for (const seed of SEEDS) {
		const { all, facts } = treeOf('hl7-tree', { message: 'ORU^R01' }, seed);
		expect(facts).toEqual(lines('hl7', { message: 'ORU^R01' }, seed).facts);
		expect(all.get('PID-3.1')).toMatchObject({
			value: facts['mrn'],
			name: 'ID Number',
			type: 'ST',
		});
		expect(all.get('ORC-2.1')?.value).toBe(facts['placer']);
		expect(all.get('OBX-5')?.type).toBe('TX');
		expect(all.get('PID')).toMatchObject({ name: 'Patient Identification', value: '' });
	}
});

test('the patient and the order of an item are the same in a message and in an image', () => {
	for (const seed of SEEDS) {
		const order = lines('hl7', { message: 'ORM^O01' }, seed).facts;
		const image = lines('dicom-dump', { object: 'ct' }, seed).facts;
		expect(image).toMatchObject({
			patientId: order['mrn'],
			patientName: order['name'],
			accession: order['accession'],
			studyUid: order['studyUid'],
		});
	}
});

test('a command prints what the hospital is like, healthy and faulty', () => {
	const fault = { kind: 'dns-record-stale', server: 'dns1', name: 'pacs', to: '10.20.20.99' };
	const healthy = lines('command', { run: 'nslookup pacs' });
	const faulty = lines('command', { run: 'nslookup pacs', fault });
	expect(healthy.text).toContain('Address: 10.20.20.10');
	expect(faulty.text).toContain('Address: 10.20.20.99');
	expect(faulty.text).toBe(`you@admin:~$ nslookup pacs\n${String(faulty.facts['output'])}`);
	expect(faulty.facts).toMatchObject({ exitCode: 0, lines: 5 });
	const down = { kind: 'link-down', host: 'pacs' };
	expect(lines('command', { run: 'ping -c 1 pacs', fault: down }).facts['exitCode']).toBe(1);
	expect(lines('command', { run: 'nonsense' }).facts['exitCode']).toBe(127);
	const title = '-aet PACSDESK -aec';
	expect(lines('command', { run: `echoscu -v ${title} PACS1 pacs 104` }).text).toContain('Success');
	expect(lines('command', { run: `echoscu ${title} PACS pacs 104` }).text).toContain('Rejected');
});

function tableOf(parameters: Record<string, unknown>, seed: string) {
	const { content, facts } = made('find-response', parameters, seed);
	if (content.form !== 'table') throw new Error('no table');
	return { ...content, facts };
}

test.each(['worklist', 'study'])('the table of a %s query says what its facts say', (service) => {
	for (const seed of SEEDS) {
		const { columns, rows, facts } = tableOf({ service }, seed);
		expect(rows.length).toBe(facts['count']);
		expect(rows.length).toBeGreaterThan(3);
		const column = (heading: RegExp): string[] => {
			const at = columns.findIndex((name) => heading.test(name));
			return rows.map((row) => row[at] ?? '');
		};
		expect(facts['names']).toEqual(column(/^Patient name/));
		expect(facts['patientIds']).toEqual(column(/^Patient ID/));
		expect(facts['accessions']).toEqual(column(/^Accession/));
		expect(facts['modalities']).toEqual(column(/^Modalit/));
		expect(facts['dates']).toEqual(column(/date$/));
		expect(facts['times']).toEqual(column(/time$/));
		if (service === 'worklist') expect(facts['stations']).toEqual(column(/AE title$/));
		expect(new Set(column(/^Accession/)).size).toBe(rows.length);
		expect(new Set(column(/^Patient ID/)).size).toBe(rows.length);
	}
});

test('an author sets rows of a query', () => {
	const { facts } = tableOf(
		{
			service: 'worklist',
			rows: 3,
			set: { station: 'CTOLD', patientName: ['DOE^JOHN', 'ROE^ANN'], modality: 'CT' },
		},
		'x',
	);
	expect(facts['stations']).toEqual(['CTOLD', 'CTOLD', 'CTOLD']);
	expect(facts['names']).toMatchObject(['DOE^JOHN', 'ROE^ANN', expect.any(String)]);
	expect(facts['modalities']).toEqual(['CT', 'CT', 'CT']);
	expect(tableOf({ service: 'study', rows: 0 }, 'x').facts['count']).toBe(0);
});

test.each(['addresses', 'roles'])(
	'the map labelled with %s has a region for every host',
	(labels) => {
		const { content, facts } = made('topology', { labels });
		if (content.form !== 'map') throw new Error('no map');
		expect(content.regions.map(({ id }) => id)).toEqual(facts['hosts']);
		expect(content.boxes.map(({ id }) => id)).toEqual(facts['hosts']);
		for (const { x, y, w, h } of content.boxes) {
			expect(x).toBeGreaterThanOrEqual(0);
			expect(x + w).toBeLessThanOrEqual(content.width);
			expect(y + h).toBeLessThanOrEqual(content.height);
		}
		const ids = new Set(content.boxes.map(({ id }) => id));
		for (const { from, to } of content.links) expect(ids.has(from) && ids.has(to)).toBe(true);
		const archive = content.boxes.find(({ id }) => id === 'pacs');
		expect(archive?.detail).toBe(labels === 'addresses' ? '10.20.20.10' : 'Archive');
	},
);

function greyOf(parameters: Record<string, unknown>, seed = 'test') {
	const { content, facts } = made('image', parameters, seed);
	if (content.form !== 'image') throw new Error('no image');
	return { ...content, grey: Buffer.from(content.pixels, 'base64'), facts };
}

test.each(['ct-head', 'dx-chest'])('%s is drawn through its window', (phantom) => {
	const plain = greyOf({ phantom });
	const { width, height, grey, facts, regions } = plain;
	expect(grey.length).toBe(width * height);
	expect([height, width]).toEqual([facts['rows'], facts['columns']]);
	expect(new Set(grey).size).toBeGreaterThan(40);
	const inverted = greyOf({ phantom, invert: true });
	expect(inverted.grey.every((value, i) => value === 255 - (grey[i] ?? 0))).toBe(true);
	expect(inverted.facts['inverted']).toBe(true);
	const above = Number(facts['maximum']) + 10;
	expect(greyOf({ phantom, center: above, width: 1 }).grey.every((v) => v === 0)).toBe(true);
	const below = Number(facts['minimum']) - 10;
	expect(greyOf({ phantom, center: below, width: 1 }).grey.every((v) => v === 255)).toBe(true);
	expect(regions.map(({ id }) => id)).toEqual([
		'marker',
		'top',
		'left',
		'center',
		'right',
		'bottom',
	]);
});

test('regions do not meet, and the marker is where its region says', () => {
	for (const phantom of ['ct-head', 'dx-chest']) {
		const { regions, width, grey, facts } = greyOf({ phantom, center: 1_900, width: 1 });
		for (const [i, a] of regions.entries()) {
			for (const b of regions.slice(i + 1)) {
				const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
				expect(apart, `${phantom}: ${a.id} and ${b.id}`).toBe(true);
			}
		}
		const marker = regions[0];
		if (!marker) throw new Error('no marker');
		let bright = 0;
		for (let y = marker.y; y < marker.y + marker.h; y++) {
			for (let x = marker.x; x < marker.x + marker.w; x++)
				bright += Number(grey[y * width + x] === 255);
		}
		expect(bright, phantom).toBeGreaterThan(8);
		expect(['L', 'R']).toContain(facts['markerSide']);
	}
});
